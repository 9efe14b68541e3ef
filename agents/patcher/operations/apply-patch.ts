import { Unretryable } from '../../kit/index.ts';
import { splitLines } from '../diff-lines.ts';
import type { Edit } from '../edit.ts';
import { readText } from '../files.ts';
import { parsePatch, type FilePatch, type PatchHunk } from '../parse-patch.ts';
import type { InputOf } from '../schemas.ts';

/** Applies unified diffs; every hunk must fit exactly where it says. */
export async function applyPatch(root: string, { changes }: InputOf<'apply-patch'>): Promise<Edit[]> {
  const patches = changes.flatMap(({ patch }) => parsePatch(patch));
  const twice = patches.find(({ file }, at) => patches.findIndex((other) => other.file === file) !== at);
  if (twice !== undefined) throw new Unretryable(`${twice.file} is patched twice: apply one patch after the other`);
  return Promise.all(patches.map((patch) => applyToFile(root, patch)));
}

async function applyToFile(root: string, { file, creates, deletes, hunks }: FilePatch): Promise<Edit> {
  const before = await readText(root, file);
  if (creates !== (before === undefined)) {
    throw new Unretryable(
      creates ? `The patch creates ${file}, which exists` : `The patch changes ${file}, which does not exist`,
    );
  }
  const after = applyHunks(file, before ?? '', hunks);
  if (deletes && after !== '') throw new Unretryable(`The patch deletes ${file}, but does not remove all of it`);
  return { file, before, after: deletes ? undefined : after };
}

function applyHunks(file: string, text: string, hunks: readonly PatchHunk[]): string {
  const lines = splitLines(text);
  const result: string[] = [];
  let at = 0;
  for (const { oldStart, oldCount, steps } of hunks) {
    // a hunk that only adds names the line before
    const start = oldCount === 0 ? oldStart : oldStart - 1;
    result.push(...lines.slice(at, start));
    at = start;
    for (const { kind, text: line } of steps) {
      if (kind !== 'add' && lines[at++] !== line)
        throw new Unretryable(`The patch does not fit ${file} at line ${String(at)}`);
      if (kind !== 'remove') result.push(line);
    }
  }
  return [...result, ...lines.slice(at)].join('');
}
