import { lstat, readFile, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Unretryable, isInside } from '../kit/index.ts';

const LARGEST_BYTES = 10_000_000;

/**
 * The exact text of a file of the repository, undefined when it does not exist. Throws Unretryable for what must not be
 * patched: outside the repository (also by a link), in .git, no regular file, not UTF-8, above 10 MB.
 */
export async function readText(root: string, file: string): Promise<string | undefined> {
  const path = await locate(root, file);
  const entry = await lstat(path).catch(whenMissing);
  if (entry === undefined) return undefined;
  if (entry.isSymbolicLink()) throw new Unretryable(`${file} is a link: name the file that it points at`);
  if (!entry.isFile()) throw new Unretryable(`${file} is no regular file`);
  if (entry.size > LARGEST_BYTES) throw new Unretryable(`${file} is larger than ${String(LARGEST_BYTES)} bytes`);
  return decode(await readFile(path), file);
}

/** The absolute path of `file`, its folder's links resolved. */
export async function locate(root: string, file: string): Promise<string> {
  const path = join(root, file);
  if (!isInside(root, path) || path === root) throw new Unretryable(`${file} is outside the repository`);
  if (/(^|[\\/])\.git([\\/]|$)/i.test(file)) throw new Unretryable(`${file} belongs to git itself`);
  const folder = await nearestFolder(dirname(path));
  if (!isInside(root, folder)) throw new Unretryable(`${file} leads outside the repository through a link`);
  return path;
}

/** The real path of the deepest folder on the way that exists. */
async function nearestFolder(folder: string): Promise<string> {
  const real = await realpath(folder).catch(whenMissing);
  return real ?? nearestFolder(dirname(folder));
}

function decode(content: Buffer, file: string): string {
  if (content.includes(0)) throw new Unretryable(`${file} is a binary file`);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch (cause) {
    throw new Unretryable(`${file} is not UTF-8 text`, { cause });
  }
}

function whenMissing(error: unknown): undefined {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'ENOENT') throw error;
}
