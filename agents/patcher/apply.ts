import { chmod, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { dirname } from 'node:path';
import { Unretryable } from '../kit/index.ts';
import type { Edit } from './edit.ts';
import { locate, readText } from './files.ts';

/**
 * Makes all edits or none: every new text lies complete beside its file before the first file is exchanged, and what
 * was exchanged is given back when a later one fails.
 */
export async function apply(root: string, edits: readonly Edit[]): Promise<void> {
  await refuseStale(root, edits);
  const drafts = new Map<Edit, string>();
  const done: Edit[] = [];
  try {
    for (const edit of edits) drafts.set(edit, await writeDraft(root, edit));
    for (const edit of edits) {
      await exchange(root, edit, drafts.get(edit));
      done.push(edit);
    }
  } catch (error) {
    await giveBack(root, done);
    throw error;
  } finally {
    await Promise.all([...drafts.values()].map((draft) => rm(draft, { force: true })));
  }
}

/** Somebody may have written since the files were read. */
async function refuseStale(root: string, edits: readonly Edit[]): Promise<void> {
  for (const { file, before } of edits) {
    if ((await readText(root, file)) !== before) throw new Error(`${file} was changed by somebody else meanwhile`);
  }
}

/** Writes the new text beside the file, on disk before this returns; '' for a deletion. */
async function writeDraft(root: string, { file, after }: Edit): Promise<string> {
  if (after === undefined) return '';
  const path = await locate(root, file);
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${randomUUID()}.draft`;
  const handle = await open(draft, 'wx', 0o644);
  try {
    await handle.writeFile(after);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return draft;
}

async function exchange(root: string, { file, before }: Edit, draft: string | undefined): Promise<void> {
  const path = await locate(root, file);
  if (draft === undefined || draft === '') return rm(path);
  if (before !== undefined) await chmod(draft, (await stat(path)).mode & 0o7777);
  await rename(draft, path);
}

async function giveBack(root: string, done: readonly Edit[]): Promise<void> {
  for (const { file, before } of done.toReversed()) {
    await exchange(
      root,
      { file, before: undefined, after: before },
      await writeDraft(root, { file, before: undefined, after: before }),
    ).catch((cause: unknown) => {
      throw new Unretryable(`${file} could not be given back`, { cause });
    });
  }
}
