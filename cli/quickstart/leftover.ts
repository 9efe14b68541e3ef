import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isSameProcess, markProcess, type ProcessMark } from '../../platform/services/process-mark.ts';

/** A service and the quickstart that owns it, by their processes. */
interface Ownership {
  readonly owner: ProcessMark;
  readonly service: ProcessMark;
}

const GRACE_MS = 15_000;
const POLL_MS = 50;
const NAME = /^quickstart-\d+\.json$/;
const pathOf = (dataDir: string, port: number): string => join(dataDir, `quickstart-${port}.json`);

/** Writes down whose service runs on this port, so that the next quickstart can end it if its owner is killed. */
export async function rememberService(dataDir: string, port: number, pid: number): Promise<void> {
  const [owner, service] = await Promise.all([markProcess(process.pid), markProcess(pid)]);
  if (owner && service) await writeFile(pathOf(dataDir, port), JSON.stringify({ owner, service } satisfies Ownership));
}

export async function forgetService(dataDir: string, port: number): Promise<void> {
  await rm(pathOf(dataDir, port), { force: true });
}

/** Ends the services whose quickstart was killed. One that runs beside us, or was kept, is left alone. */
export async function endLeftovers(dataDir: string): Promise<void> {
  const names = await readdir(dataDir).catch(() => []);
  for (const name of names.filter((each) => NAME.test(each))) {
    const ownership = await readOwnership(join(dataDir, name));
    if (ownership && (await isSameProcess(ownership.owner))) continue;
    if (ownership) await end(ownership.service);
    await rm(join(dataDir, name), { force: true });
  }
}

async function end(service: ProcessMark): Promise<void> {
  if (!(await isSameProcess(service))) return;
  process.kill(service.pid, 'SIGTERM');
  const deadline = performance.now() + GRACE_MS;
  while ((await isSameProcess(service)) && performance.now() < deadline) await delay(POLL_MS);
  if (await isSameProcess(service)) process.kill(service.pid, 'SIGKILL');
}

async function readOwnership(path: string): Promise<Ownership | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Ownership;
  } catch {
    return undefined;
  }
}
