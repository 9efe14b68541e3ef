// A lock between processes of one machine: a file that names its holder. A holder that died is replaced.
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Runs `work` while no other process holds the lock.
 * @template T
 * @param {string} path
 * @param {{ onWait: () => void }} options `onWait` is called once when another process holds it
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withFileLock(path, { onWait }, work) {
  await mkdir(dirname(path), { recursive: true });
  for (let waited = false; !(await take(path)); waited = true) {
    if (!waited) onWait();
    await delay(100);
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function take(path) {
  try {
    await writeFile(path, `${process.pid} ${randomUUID()}`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  const holder = await readFile(path, 'utf8').catch(() => undefined);
  if (holder && !isAlive(Number.parseInt(holder, 10))) await removeStale(path, holder);
  return false;
}

/** Moving is atomic: of several that see the same dead holder, one removes its file, and nobody a living one's. */
async function removeStale(path, holder) {
  const aside = `${path}.${randomUUID()}`;
  await rename(path, aside).catch(() => undefined);
  const moved = await readFile(aside, 'utf8').catch(() => undefined);
  if (moved !== undefined && moved !== holder) await writeFile(path, moved, { flag: 'wx' }).catch(() => undefined);
  await rm(aside, { force: true });
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}
