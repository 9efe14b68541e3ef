import { execFile, spawn } from 'node:child_process';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { Unretryable } from '../kit/index.ts';

const run = promisify(execFile);
const LARGEST_OUTPUT = 256 * 1024 * 1024;

/** Git in one repository; arguments go as a list, nothing of the repository's configuration runs programs. */
export interface Git {
  /** The commit that a revision means. Throws Unretryable when there is none. */
  resolve(revision: string): Promise<string>;
  listFiles(commit: string): Promise<string[]>;
  read(commit: string, paths: readonly string[]): Promise<Map<string, string>>;
  /** The unified diff without context from the common ancestor of the two to `head` (or to the files as they lie). */
  diff(base: string, head: string | undefined): Promise<string>;
}

export function openGit(root: string): Git {
  const options = [
    '-C',
    root,
    '-c',
    `safe.directory=${root}`,
    '-c',
    'core.fsmonitor=false',
    '-c',
    'core.quotePath=false',
  ];
  const git = async (...args: string[]) =>
    (await run('git', [...options, ...args], { maxBuffer: LARGEST_OUTPUT })).stdout;
  return {
    async resolve(revision) {
      try {
        return (await git('rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`)).trim();
      } catch (cause) {
        throw new Unretryable(`${revision} is no commit of this repository`, { cause });
      }
    },
    listFiles: async (commit) => (await git('ls-tree', '-r', '-z', '--name-only', commit)).split('\0').filter(Boolean),
    read: (commit, paths) => readBlobs(options, commit, paths),
    async diff(base, head) {
      const from = (await git('merge-base', base, head ?? 'HEAD')).trim();
      return git(
        'diff',
        '--unified=0',
        '--no-color',
        '--no-ext-diff',
        '--no-textconv',
        '--no-renames',
        from,
        ...(head === undefined ? [] : [head]),
        '--',
      );
    },
  };
}

/** One `cat-file --batch` for all of them: a process per file would take longer than the review. */
async function readBlobs(
  options: readonly string[],
  commit: string,
  paths: readonly string[],
): Promise<Map<string, string>> {
  const child = spawn('git', [...options, 'cat-file', '--batch'], { stdio: ['pipe', 'pipe', 'ignore'] });
  child.stdin.end(paths.map((path) => `${commit}:${path}\n`).join(''));
  const output = await buffer(child.stdout);
  const blobs = new Map<string, string>();
  let at = 0;
  for (const path of paths) {
    const headEnd = output.indexOf('\n', at);
    const size = Number(/ blob (\d+)$/.exec(output.toString('utf8', at, headEnd))?.[1] ?? Number.NaN);
    at = headEnd + 1;
    if (Number.isNaN(size)) continue; // a submodule or a path that git cannot name this way
    blobs.set(path, output.toString('utf8', at, at + size));
    at += size + 1;
  }
  return blobs;
}
