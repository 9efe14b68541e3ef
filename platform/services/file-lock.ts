import { readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../../contracts/errors.ts';
import { isSameProcess, markProcess, type ProcessMark } from './process-mark.ts';

const RETRY_MS = 50;
const TIMEOUT_MS = 90_000;

/**
 * Does the work while no other process does any under the same lock file. A lock whose holder died counts for nothing.
 * @throws AppError UNAVAILABLE when another holds it for a minute and a half
 */
export async function withFileLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  await acquire(path);
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function acquire(path: string): Promise<void> {
  const mine = JSON.stringify(await markProcess(process.pid));
  const end = performance.now() + TIMEOUT_MS;
  while (!(await create(path, mine))) {
    if (await isAbandoned(path)) await rm(path, { force: true });
    else if (performance.now() > end)
      throw new AppError('UNAVAILABLE', `Another process holds ${path}; delete it if there is none`);
    else await delay(RETRY_MS);
  }
}

async function create(path: string, content: string): Promise<boolean> {
  try {
    await writeFile(path, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function isAbandoned(path: string): Promise<boolean> {
  const holder = await readMark(path);
  return holder !== undefined && !(await isSameProcess(holder));
}

/** Undefined when the file is gone again, or its holder is just writing it. */
async function readMark(path: string): Promise<ProcessMark | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as ProcessMark;
  } catch {
    return undefined;
  }
}
