import { readdir, readFile } from 'node:fs/promises';
import type { Leftover } from './history.ts';

const LABEL = /(?:^|\0)COMMANDCENTER_RUN=([0-9a-f-]{36})/;

/** Processes that carry the label of an attempt; none where there is no /proc. */
export async function findAgentProcesses(): Promise<Leftover[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map(asLeftover));
  return found.filter((one) => one !== undefined);
}

/** Folders of agents whose worker is gone: its reaper should have removed them. @param temp the workers' TMPDIR */
export async function findOrphanFolders(temp: string): Promise<Leftover[]> {
  const names = await readdir(temp).catch(() => []);
  const orphans = await Promise.all(names.map(isOrphan));
  return names.flatMap((name, index) => (orphans[index] ? [{ kind: 'folder', name, runId: '' } as const] : []));
}

async function isOrphan(name: string): Promise<boolean> {
  const owner = /^commandcenter-(\d+)-/.exec(name)?.[1];
  if (owner === undefined) return false;
  return readFile(`/proc/${owner}/stat`).then(
    () => false,
    () => true,
  );
}

async function asLeftover(pid: string): Promise<Leftover | undefined> {
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
  const runId = LABEL.exec(environment)?.[1];
  return runId === undefined ? undefined : { kind: 'process', name: `process ${pid}`, runId };
}
