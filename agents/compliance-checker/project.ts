import { readFile } from 'node:fs/promises';
import { listFiles, type WorkspaceFile } from '../kit/list-files.ts';
import type { Input } from './schemas.ts';

/** The repository as rules see it: every file is read once, however many rules look at it. */
export interface Project {
  readonly root: string;
  readonly files: readonly string[];
  readonly input: Input;
  read(path: string): Promise<string>;
  has(path: string): boolean;
  /** How many files were read. */
  readonly filesRead: () => number;
}

const LARGEST_BYTES = 20_000_000;

/** Lists the repository; files above 20 MB are left out. */
export async function openProject(root: string, input: Input): Promise<Project> {
  const files = (await listFiles(root)).filter(({ size }) => size <= LARGEST_BYTES);
  const byPath = new Map(files.map((file) => [file.path, file]));
  const contents = new Map<string, Promise<string>>();
  return {
    root,
    input,
    files: files.map(({ path }) => path),
    has: (path) => byPath.has(path),
    filesRead: () => contents.size,
    read(path) {
      const content = contents.get(path) ?? load(byPath.get(path), path);
      contents.set(path, content);
      return content;
    },
  };
}

async function load(file: WorkspaceFile | undefined, path: string): Promise<string> {
  if (file === undefined) throw new Error(`ENOENT: no such file in the repository: ${path}`);
  return readFile(file.absolutePath, 'utf8');
}
