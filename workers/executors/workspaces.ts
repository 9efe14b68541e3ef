import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { AppError } from '../../contracts/errors.ts';
import type { Json } from '../../contracts/json.ts';
import type { AgentManifest } from './executor.ts';

/**
 * The folders that an input points its agent at: absolute, links resolved, each once.
 * @throws AppError NODE_INPUT_INVALID when one lies outside every root; without roots anything goes
 */
export async function workspacesOf(
  input: Json,
  manifest: AgentManifest,
  roots: readonly string[] | undefined,
): Promise<string[]> {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return [];
  const named = manifest.workspaceFields.flatMap((field) => {
    const value = input[field];
    return typeof value === 'string' ? [value] : [];
  });
  const folders = await Promise.all(
    named.map((path) => (roots ? assertInsideRoots(path, roots) : realPathOfNearest(resolve(path)))),
  );
  return [...new Set(folders)];
}

/**
 * The real path of `path` (links resolved as far as it exists, so that a missing folder stays the agent's to report).
 * @throws AppError NODE_INPUT_INVALID when it lies outside every root, or is relative and so depends on who reads it
 */
export async function assertInsideRoots(path: string, roots: readonly string[]): Promise<string> {
  if (!isAbsolute(path)) throw refused(`${path} is not absolute`, roots);
  const real = await realPathOfNearest(path);
  const realRoots = await Promise.all(roots.map((root) => realPathOfNearest(resolve(root))));
  if (realRoots.some((root) => isInside(root, real))) return real;
  throw refused(
    real === resolve(path) ? `${path} lies outside` : `${path} leads to ${real}, which lies outside`,
    roots,
  );
}

function refused(what: string, roots: readonly string[]): AppError {
  const allowed = roots.length === 0 ? 'no folder is allowed yet' : `allowed are ${roots.join(', ')} and what is below`;
  return new AppError('NODE_INPUT_INVALID', `The workspace ${what} (${allowed}); add its folder to WORKSPACE_ROOTS`);
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

async function realPathOfNearest(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    const parent = dirname(path);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || parent === path) throw error;
    return join(await realPathOfNearest(parent), basename(path));
  }
}
