import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where this version's migrations are; the build copies them beside the compiled code. */
export const MIGRATIONS_FOLDER = fileURLToPath(new URL('./migrations/', import.meta.url));

/** One file `0001_what_it_does.sql`: its name without the ending, and the SHA-256 of its text. */
export interface MigrationFile {
  readonly name: string;
  readonly checksum: string;
}

/** The migrations of a folder, in the order in which they apply. */
export async function readMigrationFiles(folder: string): Promise<MigrationFile[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(names.map((name) => readMigrationFile(folder, name)));
}

async function readMigrationFile(folder: string, fileName: string): Promise<MigrationFile> {
  const text = await readFile(join(folder, fileName), 'utf8');
  // A checkout on Windows changes line ends and nothing that matters.
  const checksum = createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex');
  return { name: fileName.slice(0, -'.sql'.length), checksum };
}
