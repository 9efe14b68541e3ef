import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** A process that can be recognised later: numbers are given out again, a number with its start time is not. */
export interface ProcessMark {
  readonly pid: number;
  /** Opaque; the boot and the clock tick at which the process started, or what `ps` says where there is no /proc. */
  readonly started: string;
}

const run = promisify(execFile);
/** A zombie: ended, only not collected by its parent, which some containers never do. */
const ENDED = '';

/** The mark of a running process; undefined when it has ended. */
export async function markProcess(pid: number): Promise<ProcessMark | undefined> {
  if (!isRunning(pid)) return undefined;
  const started = (await startedByProc(pid)) ?? (await startedByPs(pid));
  return started ? { pid, started } : undefined;
}

/** True when the process with this mark still runs. */
export async function isSameProcess(mark: ProcessMark): Promise<boolean> {
  return (await markProcess(mark.pid))?.started === mark.started;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function startedByProc(pid: number): Promise<string | undefined> {
  try {
    const [stat, boot] = await Promise.all([
      readFile(`/proc/${String(pid)}/stat`, 'utf8'),
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
    ]);
    // The name in parentheses may hold spaces; after it come the state (field 3) and, as field 22, the start.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? ENDED : `${boot.trim()}/${fields[19] ?? ''}`;
  } catch {
    return undefined;
  }
}

async function startedByPs(pid: number): Promise<string | undefined> {
  try {
    const { stdout } = await run('ps', ['-o', 'lstart=', '-p', String(pid)]);
    return stdout.trim() || undefined;
  } catch {
    return undefined;
  }
}
