import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nameSchema } from '../../flows/names.ts';
import { usageError } from '../exit-codes.ts';
import { agentFiles } from './template.ts';

const ROOT = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../..' : '../../..', import.meta.url));

/**
 * Writes the folder of a new agent.
 * @throws CliError when the name cannot be an agent's or the folder is there already
 */
export async function writeAgent(name: string, dir: string, cwd: string): Promise<{ folder: string; files: string[] }> {
  const checked = nameSchema.safeParse(name);
  if (!checked.success)
    throw usageError(`${name} cannot be an agent's name: ${checked.error.issues[0]?.message ?? ''}`);
  const folder = join(dir, name);
  const absolute = resolve(cwd, folder);
  if (await exists(absolute)) throw usageError(`${folder} is there already: choose another name`);
  const kit = relative(absolute, join(ROOT, 'agents', 'kit', 'index.ts'))
    .split(sep)
    .join('/');
  const files = agentFiles(name, kit);
  await mkdir(absolute, { recursive: true });
  for (const [file, text] of Object.entries(files)) await writeFile(join(absolute, file), text);
  return { folder, files: Object.keys(files) };
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
