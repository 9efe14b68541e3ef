import { readFileSync } from 'node:fs';
import { waitFor } from '../support/wait-for.ts';

/** True while the process exists; a zombie doesn't: who reaps orphans in a container is not our business. */
export function isRunning(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    return !stat.slice(stat.lastIndexOf(')')).startsWith(') Z');
  } catch {
    return false;
  }
}

export async function untilGone(pid: number, timeoutMs = 10_000): Promise<void> {
  await waitFor(() => !isRunning(pid), { describe: `process ${String(pid)} to be gone`, timeoutMs });
}
