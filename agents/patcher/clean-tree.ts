import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Unretryable } from '../kit/index.ts';

const run = promisify(execFile);

/** Throws Unretryable when tracked files have uncommitted changes. A folder that is no git repository passes. */
export async function requireCleanTree(root: string): Promise<void> {
  const changed = await changedFiles(root);
  if (changed.length === 0) return;
  const names = changed.slice(0, 3).join(', ') + (changed.length > 3 ? ', …' : '');
  throw new Unretryable(`The repository has uncommitted changes (${names}): commit them, or pass allowDirty`);
}

async function changedFiles(root: string): Promise<string[]> {
  const args = [
    '-C',
    root,
    '-c',
    `safe.directory=${root}`,
    '-c',
    'core.fsmonitor=false',
    'status',
    '--porcelain',
    '-z',
    '--untracked-files=no',
    '--',
    '.',
  ];
  try {
    const { stdout } = await run('git', args, { maxBuffer: 64 * 1024 * 1024 });
    return stdout
      .split('\0')
      .filter(Boolean)
      .map((entry) => entry.slice(3));
  } catch (error) {
    const { stderr = '', code } = error as { stderr?: string; code?: unknown };
    if (code === 'ENOENT' || stderr.includes('not a git repository')) return [];
    throw error;
  }
}
