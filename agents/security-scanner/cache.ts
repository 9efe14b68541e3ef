import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { WorkspaceFile } from '../kit/list-files.ts';
import type { FileResult, ScanType } from './scan-file.ts';

/** Raise it when a rule changes: what older rules found is then found again. */
const RULES_VERSION = 1;

/** Results of earlier scans by what the file held. */
export interface Cache {
  get(file: WorkspaceFile): Promise<{ result: FileResult } | undefined>;
  /** Keeps these results and forgets all others. */
  save(files: readonly WorkspaceFile[], results: readonly FileResult[]): Promise<void>;
}

type Entries = Record<string, FileResult | null>;

/** The cache in `folder` (made when missing); without a folder one that knows nothing. */
export async function openCache(folder: string | undefined, scanType: ScanType): Promise<Cache> {
  if (folder === undefined) return { get: () => Promise.resolve(undefined), save: () => Promise.resolve() };
  const path = join(resolve(folder), `security-scanner-${scanType}-v${String(RULES_VERSION)}.json`);
  const entries = await readEntries(path);
  const keys = new Map<string, Promise<string>>();
  const keyOf = (file: WorkspaceFile) => {
    const known = keys.get(file.path) ?? hash(file);
    keys.set(file.path, known);
    return known;
  };
  return {
    async get(file) {
      const entry = entries[await keyOf(file)];
      return entry === undefined ? undefined : { result: entry ?? undefined };
    },
    async save(files, results) {
      const pairs = files.map(async (file, at) => [await keyOf(file), results[at] ?? null] as const);
      await writeAtomically(path, JSON.stringify(Object.fromEntries(await Promise.all(pairs))));
    },
  };
}

/** A cache that is missing or damaged is an empty one. */
async function readEntries(path: string): Promise<Entries> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Entries;
  } catch {
    return {};
  }
}

async function hash({ path, absolutePath }: WorkspaceFile): Promise<string> {
  return createHash('sha256')
    .update(path)
    .update('\0')
    .update(await readFile(absolutePath))
    .digest('base64url');
}

async function writeAtomically(path: string, content: string): Promise<void> {
  const draft = `${path}.${String(process.pid)}`;
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(draft, content);
  await rename(draft, path);
}
