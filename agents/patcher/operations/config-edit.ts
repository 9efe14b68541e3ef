import { extname } from 'node:path';
import { Unretryable } from '../../kit/index.ts';
import type { Edit } from '../edit.ts';
import { readText } from '../files.ts';
import { toConfigEdit, type ConfigEdit } from '../formats/config-edit.ts';
import { editJson } from '../formats/json.ts';
import { editToml } from '../formats/toml.ts';
import { editYaml } from '../formats/yaml.ts';
import type { InputOf } from '../schemas.ts';

const EDITORS: Readonly<Record<string, (text: string, edit: ConfigEdit) => string>> = {
  '.json': editJson,
  '.jsonc': editJson,
  '.yaml': editYaml,
  '.yml': editYaml,
  '.toml': editToml,
};

/** Changes values of a configuration file and leaves comments, order and layout alone. */
export async function editConfig(root: string, { file, changes }: InputOf<'config-edit'>): Promise<Edit[]> {
  const edit = EDITORS[extname(file).toLowerCase()];
  if (edit === undefined) throw new Unretryable(`${file}: only ${Object.keys(EDITORS).join(', ')} can be edited`);
  const before = await readText(root, file);
  if (before === undefined) throw new Unretryable(`ENOENT: ${file} does not exist`);
  return [{ file, before, after: changes.map(toConfigEdit).reduce(edit, before) }];
}
