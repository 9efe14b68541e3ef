// Makes a missing or stale build once, however many processes ask for it at the same time. Says what it does on stderr.
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildServer, buildWeb } from './build-parts.mjs';
import { withFileLock } from './file-lock.mjs';
import { sourceHash } from './source-hash.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const BUILDERS = { server: buildServer, web: buildWeb };

/**
 * Brings dist/ up to date. A folder without sources (an image that ships dist/ alone) is taken as it is. A console that
 * cannot be built (no development packages) is said so and keeps nobody from starting.
 * @param {{ root?: string, force?: boolean }} [options] `force` builds whatever the stamps say, and all of it or fails
 * @returns {Promise<string[]>} the parts that were built
 */
export async function ensureBuild({ root = ROOT, force = false } = {}) {
  if (!existsSync(join(root, 'tsconfig.json'))) return [];
  if (!force && (await staleParts(root)).length === 0) return [];
  const lock = join(root, 'node_modules', '.cache', 'commandcenter-build.lock');
  const onWait = () => console.error('another process is building: waiting for it');
  return withFileLock(lock, { onWait }, async () => {
    const parts = force ? Object.keys(BUILDERS) : await staleParts(root);
    for (const part of parts) await (force ? build(root, part) : buildIfPossible(root, part));
    return parts;
  });
}

async function staleParts(root) {
  const checks = Object.keys(BUILDERS).map(async (part) => ({
    part,
    fresh: (await readStamp(root, part)) === (await sourceHash(root, part)),
  }));
  return (await Promise.all(checks)).filter(({ fresh }) => !fresh).map(({ part }) => part);
}

/** The hash is taken before building: a source that changes meanwhile makes the next start build again. */
async function build(root, part) {
  const startedAt = performance.now();
  const hash = await sourceHash(root, part);
  await BUILDERS[part](root);
  await mkdir(join(root, 'dist'), { recursive: true });
  await writeFile(stampPath(root, part), hash);
  console.error(`built ${part} in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
}

async function buildIfPossible(root, part) {
  try {
    await build(root, part);
  } catch (error) {
    if (part === 'server') throw error;
    console.error(`${error.message}\nGoing on without the ${part} part.`);
  }
}

const stampPath = (root, part) => join(root, 'dist', `.${part}.stamp`);

const readStamp = (root, part) => readFile(stampPath(root, part), 'utf8').catch(() => undefined);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await ensureBuild({ root: process.argv[2] }).catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
