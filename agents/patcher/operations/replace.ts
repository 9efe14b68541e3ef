import { Unretryable } from '../../kit/index.ts';
import type { Edit } from '../edit.ts';
import { readText } from '../files.ts';
import type { InputOf } from '../schemas.ts';

/** Replaces text by text, in the order given. */
export async function replace(root: string, { file, changes }: InputOf<'replace'>): Promise<Edit[]> {
  const before = await readText(root, file);
  if (before === undefined) throw new Unretryable(`ENOENT: ${file} does not exist`);
  let after = before;
  for (const { find, replace: replacement, all } of changes) {
    const occurrences = after.split(find).length - 1;
    if (occurrences === 0) throw new Unretryable(`${file} does not contain ${quote(find)}`);
    if (occurrences > 1 && !all)
      throw new Unretryable(`${file} contains ${quote(find)} ${String(occurrences)} times: say more of it, or all`);
    after = after.split(find).join(replacement);
  }
  return [{ file, before, after }];
}

function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
