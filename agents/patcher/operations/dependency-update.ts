import { Unretryable } from '../../kit/index.ts';
import type { Edit } from '../edit.ts';
import { readText } from '../files.ts';
import { editJson } from '../formats/json.ts';
import type { InputOf } from '../schemas.ts';

const KINDS = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'] as const;

/** Sets the versions of dependencies that package.json already has, wherever it has them. */
export async function updateDependencies(
  root: string,
  { file, changes }: InputOf<'dependency-update'>,
): Promise<Edit[]> {
  const before = await readText(root, file);
  if (before === undefined) throw new Unretryable(`ENOENT: ${file} does not exist`);
  const manifest = JSON.parse(before) as Partial<Record<(typeof KINDS)[number], Record<string, string>>>;
  let after = before;
  for (const { name, version } of changes) {
    const kinds = KINDS.filter((kind) => manifest[kind]?.[name] !== undefined);
    if (kinds.length === 0) throw new Unretryable(`${file} has no dependency ${name}`);
    for (const kind of kinds) after = editJson(after, { path: [kind, name], value: version });
  }
  return [{ file, before, after }];
}
