import { randomBytes } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';

/**
 * The password of the servers of one data folder, made when first asked for. Other accounts of the machine can reach
 * the ports, not this file.
 */
export async function readOrMakePassword(path: string): Promise<string> {
  const known = await readFile(path, 'utf8').catch(() => '');
  if (known !== '') return known;
  const draft = `${path}.${String(process.pid)}`;
  await writeFile(draft, randomBytes(24).toString('hex'), { mode: 0o600 });
  // Of two processes that start together the first one wins, and its file is whole when it appears.
  await link(draft, path).catch(() => undefined);
  await rm(draft);
  return readFile(path, 'utf8');
}
