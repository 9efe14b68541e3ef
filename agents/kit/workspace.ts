import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { Unretryable } from './failure.ts';

/** The real path of the folder an agent was pointed at. Throws `ENOENT: …` when missing, Unretryable when no folder. */
export async function resolveWorkspace(path: string): Promise<string> {
  const root = await realpath(resolve(path));
  if (!(await stat(root)).isDirectory())
    throw new Unretryable(`${path} is not a folder: pass the path of a repository`);
  return root;
}

/** True when `path` is `root` or lies under it; both absolute. */
export function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}
