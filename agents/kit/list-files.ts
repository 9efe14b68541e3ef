import { lstat, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dirent } from 'node:fs';
import ignore, { type Ignore } from 'ignore';

export interface WorkspaceFile {
  /** Relative to the workspace, with forward slashes on every system. */
  readonly path: string;
  readonly absolutePath: string;
  /** Bytes. */
  readonly size: number;
}

/** Never part of a project's own sources, ignored by git or not. */
const NEVER = new Set(['.git', 'node_modules', '.hg', '.svn', '__pycache__', '.venv']);

interface Rules {
  /** Folder of the .gitignore, relative to the workspace, '' or ending in `/`. */
  readonly base: string;
  readonly matcher: Ignore;
}

/**
 * The regular files below `root`, sorted by path, without what the .gitignore files in it exclude. Symlinks are left
 * out: what they point at is either listed itself or outside. So is what may not be read or goes away meanwhile; only a
 * root that cannot be read throws.
 */
export async function listFiles(root: string): Promise<WorkspaceFile[]> {
  const files = await listFolder(root, '', []);
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function listFolder(root: string, base: string, inherited: readonly Rules[]): Promise<WorkspaceFile[]> {
  const entries = await readdir(join(root, base), { withFileTypes: true });
  const rules = [...inherited, ...(await readRules(root, base, entries))];
  const wanted = entries.filter((entry) => !NEVER.has(entry.name) && !isIgnored(base, entry, rules));
  const nested = wanted.map((entry) => listEntry(root, `${base}${entry.name}`, entry, rules).catch(whenOutOfReach));
  return (await Promise.all(nested)).flat();
}

async function listEntry(root: string, path: string, entry: Dirent, rules: readonly Rules[]): Promise<WorkspaceFile[]> {
  if (entry.isDirectory()) return listFolder(root, `${path}/`, rules);
  return entry.isFile() ? [await describe(root, path)] : [];
}

function whenOutOfReach(error: unknown): [] {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (!['EACCES', 'EPERM', 'ENOENT'].includes(code)) throw error;
  return [];
}

async function readRules(root: string, base: string, entries: readonly Dirent[]): Promise<Rules[]> {
  if (!entries.some((entry) => entry.name === '.gitignore' && entry.isFile())) return [];
  return [{ base, matcher: ignore().add(await readFile(join(root, base, '.gitignore'), 'utf8')) }];
}

/** The deepest .gitignore that says something about the entry decides, as in git. */
function isIgnored(base: string, entry: Dirent, rules: readonly Rules[]): boolean {
  const path = `${base}${entry.name}${entry.isDirectory() ? '/' : ''}`;
  for (const { base: from, matcher } of rules.toReversed()) {
    const verdict = matcher.test(path.slice(from.length));
    if (verdict.ignored || verdict.unignored) return verdict.ignored;
  }
  return false;
}

async function describe(root: string, path: string): Promise<WorkspaceFile> {
  const absolutePath = join(root, path);
  return { path, absolutePath, size: (await lstat(absolutePath)).size };
}
