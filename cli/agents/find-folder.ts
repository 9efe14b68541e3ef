import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** The folder of an agent by its name in `dir`, or by its path; undefined when there is none. */
export async function findAgentFolder(name: string, dir: string, cwd: string): Promise<string | undefined> {
  for (const folder of [resolve(cwd, dir, name), resolve(cwd, name)]) {
    const facts = await stat(join(folder, 'package.json')).catch(() => undefined);
    if (facts?.isFile() === true) return folder;
  }
  return undefined;
}
