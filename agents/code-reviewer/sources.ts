import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import ignore from 'ignore';
import { listFiles } from '../kit/list-files.ts';
import { syntaxOf, type Syntax } from '../kit/syntax.ts';
import { parseDiff, type ChangedLines } from './diff.ts';
import { openGit } from './git.ts';
import type { Input } from './schemas.ts';

/** A file that can be reviewed. */
export interface Source {
  readonly path: string;
  readonly text: string;
  readonly lines: readonly string[];
  readonly syntax: Syntax;
}

export interface Sources {
  /** Everything, as context for what needs the whole (duplication, dead exports). */
  readonly all: readonly Source[];
  /** The lines under review; undefined means all of them. */
  readonly changed: ChangedLines | undefined;
}

const LARGEST_CHARACTERS = 400_000;
const LONGEST_AVERAGE_LINE = 300;
const GENERATED = /(^|\/)(dist|build|vendor|coverage|out)\/|\.min\.\w+$|\.d\.ts$|(_pb2?|\.pb|\.generated)\.\w+$/;

/** Reads what the input asks for: a folder, or a commit, whole or what changed in it. */
export async function readSources(root: string, input: Input): Promise<Sources> {
  const git = openGit(root);
  const head = input.head === undefined ? undefined : await git.resolve(input.head);
  const texts = head === undefined ? await readFolder(root) : await readCommit(git, head);
  const all = [...texts].flatMap(([path, text]) => toSource(path, text));
  if (input.base === undefined) return { all, changed: undefined };
  const base = await git.resolve(input.base);
  return { all, changed: parseDiff(await git.diff(base, head)) };
}

/** The predicate of `filePattern`. */
export function createFilter(filePattern: string | undefined): (path: string) => boolean {
  if (filePattern === undefined) return () => true;
  const matcher = ignore().add(filePattern);
  return (path) => matcher.ignores(path);
}

async function readFolder(root: string): Promise<Map<string, string>> {
  const files = (await listFiles(root)).filter(({ path, size }) => isReviewable(path) && size < LARGEST_CHARACTERS);
  return new Map(
    await Promise.all(
      files.map(async ({ path, absolutePath }) => [path, await readFile(absolutePath, 'utf8')] as const),
    ),
  );
}

async function readCommit(git: ReturnType<typeof openGit>, commit: string): Promise<Map<string, string>> {
  return git.read(commit, (await git.listFiles(commit)).filter(isReviewable));
}

function isReviewable(path: string): boolean {
  return syntaxOf(extname(path)) !== undefined && !GENERATED.test(path);
}

function toSource(path: string, text: string): Source[] {
  const syntax = syntaxOf(extname(path));
  const lines = text.split('\n');
  const handwritten = text.length < LARGEST_CHARACTERS && text.length / lines.length < LONGEST_AVERAGE_LINE;
  return syntax !== undefined && handwritten ? [{ path, text, lines, syntax }] : [];
}
