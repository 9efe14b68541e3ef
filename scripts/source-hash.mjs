// What a build is made from, as one hash per part: equal hashes mean that the build is current.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** The parts of a build and the files and folders that each is made from. */
export const PARTS = {
  server: {
    sources: [
      'main.ts',
      'api',
      'cli',
      'contracts',
      'flows',
      'platform',
      'sql',
      'workers',
      'agents/kit/http',
      'tsconfig.json',
      'scripts/build-parts.mjs',
    ],
    compilers: ['esbuild'],
  },
  web: {
    sources: ['web', 'contracts', 'scripts/build-parts.mjs'],
    compilers: ['vite', 'react', '@xyflow/react', '@scalar/api-reference', 'codemirror'],
  },
};

const SKIPPED_FOLDERS = new Set(['node_modules', 'dist']);

/**
 * @param {string} root the repository
 * @param {keyof typeof PARTS} part
 * @returns {Promise<string>} SHA-256 of the names and contents of the part's sources and its compilers' versions
 */
export async function sourceHash(root, part) {
  const { sources, compilers } = PARTS[part];
  const hash = createHash('sha256');
  for (const compiler of compilers) hash.update(await versionOf(root, compiler));
  const files = (await Promise.all(sources.map((source) => listFiles(join(root, source))))).flat().sort();
  const contents = await Promise.all(files.map((file) => readFile(file)));
  files.forEach((file, index) => {
    hash.update(`\0${relative(root, file).split(sep).join('/')}\0`).update(contents[index]);
  });
  return hash.digest('hex');
}

async function versionOf(root, name) {
  const text = await readFile(join(root, 'node_modules', name, 'package.json'), 'utf8').catch(() => '{}');
  return `${name} ${JSON.parse(text).version};`;
}

async function listFiles(path) {
  const entries = await readdir(path, { withFileTypes: true }).catch((error) => {
    if (error.code === 'ENOTDIR') return undefined;
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  if (!entries) return [path];
  const lists = entries
    .filter((entry) => !SKIPPED_FOLDERS.has(entry.name))
    .map((entry) => (entry.isDirectory() ? listFiles(join(path, entry.name)) : [join(path, entry.name)]));
  return (await Promise.all(lists)).flat();
}
