import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from '../agents/bundle.ts';
import { writeWhole } from '../agents/write-whole.ts';

/**
 * The file of one of our own small programs, which plain `node` can start. After the build it lies beside its caller
 * as JavaScript; from sources it is compiled once into `cacheDir`.
 * @param place URL of the program without its extension
 */
export async function programFile(place: URL, cacheDir: string): Promise<string> {
  const path = fileURLToPath(place);
  if (existsSync(`${path}.js`)) return `${path}.js`;
  const { code } = await bundle(`${path}.ts`, 'absolute');
  const digest = createHash('sha256').update(code).digest('hex').slice(0, 16);
  const file = join(cacheDir, 'programs', `${basename(path)}-${digest}.mjs`);
  if (!existsSync(file)) await writeWhole(file, code);
  return file;
}
