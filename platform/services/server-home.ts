import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withFileLock } from './file-lock.ts';
import { isSameProcess, markProcess, type ProcessMark } from './process-mark.ts';

/** The process that serves this home, and where. */
export interface ServerState {
  readonly process: ProcessMark;
  readonly port: number;
}

/** What processes that share a server know of it: its folder with the pid file, the lock and one file per user. */
export interface ServerHome {
  readonly path: string;
  readonly logPath: string;
  locked<T>(work: () => Promise<T>): Promise<T>;
  readState(): Promise<ServerState | undefined>;
  writeState(state: ServerState | undefined): Promise<void>;
  /** Says that this process uses the server; returns what takes that back. */
  register(): Promise<() => Promise<void>>;
  /** True when a living process uses it; those that were killed do not count. */
  isUsed(): Promise<boolean>;
}

export async function openServerHome(path: string): Promise<ServerHome> {
  const users = join(path, 'users');
  const statePath = join(path, 'state.json');
  await mkdir(users, { recursive: true });
  return {
    path,
    logPath: join(path, 'server.log'),
    locked: (work) => withFileLock(join(path, 'lock'), work),
    readState: () => readJson<ServerState>(statePath),
    async writeState(state) {
      if (state) await writeFile(statePath, JSON.stringify(state));
      else await rm(statePath, { force: true });
    },
    async register() {
      const file = join(users, randomUUID());
      await writeFile(file, JSON.stringify(await markProcess(process.pid)));
      return () => rm(file, { force: true });
    },
    async isUsed() {
      const files = (await readdir(users)).map((name) => join(users, name));
      const living = await Promise.all(files.map(isOfLivingProcess));
      return living.includes(true);
    },
  };
}

/** Tidies up after those that were killed. */
async function isOfLivingProcess(file: string): Promise<boolean> {
  const mark = await readJson<ProcessMark>(file);
  if (mark && (await isSameProcess(mark))) return true;
  await rm(file, { force: true });
  return false;
}

async function readJson<T>(path: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as T;
  } catch {
    return undefined;
  }
}
