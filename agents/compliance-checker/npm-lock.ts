import { posix } from 'node:path';
import type { Project } from './project.ts';

/** One installed package, as package-lock.json (version 2 and 3) tells. */
export interface LockedPackage {
  readonly lockFile: string;
  readonly key: string;
  readonly name: string;
  readonly version: string;
  readonly licence: string | undefined;
  readonly integrity: string | undefined;
  readonly resolved: string | undefined;
  readonly dev: boolean;
  readonly optional: boolean;
}

interface LockEntry {
  name?: string;
  version?: string;
  license?: unknown;
  integrity?: string;
  resolved?: string;
  dev?: boolean;
  optional?: boolean;
  link?: boolean;
  inBundle?: boolean;
}

export interface Manifest {
  name?: string;
  version?: string;
  license?: unknown;
  private?: boolean;
  workspaces?: unknown;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

interface Lock {
  packages?: Record<string, LockEntry & Manifest>;
}

/** All lock files of npm in the project that can be parsed, with the manifest that each one locks. */
export async function readLocks(project: Project): Promise<{ path: string; lock: Lock; text: string }[]> {
  const paths = project.files.filter((path) => /(^|\/)(package-lock|npm-shrinkwrap)\.json$/.test(path));
  const locks = await Promise.all(
    paths.map(async (path) => {
      const text = await project.read(path);
      const lock: Lock | undefined = parseJson(text);
      return lock === undefined ? [] : [{ path, lock, text }];
    }),
  );
  return locks.flat();
}

/** Every package that the project's lock files install. */
export async function lockedPackages(project: Project): Promise<LockedPackage[]> {
  const locks = await readLocks(project);
  return locks.flatMap(({ path, lock }) =>
    Object.entries(lock.packages ?? {})
      .filter(([key, entry]) => key.includes('node_modules/') && entry.link !== true)
      .map(([key, entry]) => toPackage(path, key, entry)),
  );
}

function toPackage(lockFile: string, key: string, entry: LockEntry): LockedPackage {
  return {
    lockFile,
    key,
    name: entry.name ?? key.slice(key.lastIndexOf('node_modules/') + 'node_modules/'.length),
    version: entry.version ?? '',
    licence: licenceText(entry.license),
    integrity: entry.integrity,
    resolved: entry.resolved,
    dev: entry.dev === true,
    optional: entry.optional === true,
  };
}

/** Today's string, and the object and the list of old manifests. */
export function licenceText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(licenceText).filter(Boolean).join(' OR ') || undefined;
  return value !== null && typeof value === 'object' && 'type' in value ? licenceText(value.type) : undefined;
}

/** The project's own package.json files. */
export async function readManifests(
  project: Project,
): Promise<{ path: string; folder: string; manifest: Manifest; text: string }[]> {
  const paths = project.files.filter((path) => /(^|\/)package\.json$/.test(path));
  const manifests = await Promise.all(
    paths.map(async (path) => {
      const text = await project.read(path);
      const manifest: Manifest | undefined = parseJson(text);
      return manifest === undefined ? [] : [{ path, folder: posix.dirname(path), manifest, text }];
    }),
  );
  return manifests.flat();
}

function parseJson(text: string): object | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    return value !== null && typeof value === 'object' ? value : undefined;
  } catch {
    return undefined;
  }
}
