import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from '../agents/bundle.ts';

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

/** Writes a file so that nobody ever reads half of it. */
export async function writeWhole(file: string, content: string): Promise<void> {
  await mkdir(join(file, '..'), { recursive: true });
  const unfinished = `${file}.${String(process.pid)}.${createHash('sha256').update(String(performance.now())).digest('hex').slice(0, 8)}`;
  await writeFile(unfinished, content);
  await rename(unfinished, file);
}
