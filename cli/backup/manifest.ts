import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { usageError } from '../exit-codes.ts';

const manifestSchema = z.object({
  format: z.literal(1),
  createdAt: z.iso.datetime(),
  /** The newest migration in it, and all of them in order. */
  schemaVersion: z.string(),
  migrations: z.array(z.string()),
  /** Rows by table, counted in the very snapshot that was dumped. */
  counts: z.record(z.string(), z.number().int()),
  sha256: z.string(),
  bytes: z.number().int(),
});
export type Manifest = z.output<typeof manifestSchema>;

export const manifestPath = (dump: string) => `${dump}.json`;

export async function writeManifest(
  dump: string,
  facts: Omit<Manifest, 'format' | 'sha256' | 'bytes'>,
): Promise<Manifest> {
  const manifest = { format: 1 as const, ...facts, sha256: await sha256(dump), bytes: (await stat(dump)).size };
  await writeFile(manifestPath(dump), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

/** @throws CliError when the manifest is missing or the dump is not the one that it describes */
export async function readManifest(dump: string): Promise<Manifest> {
  const path = manifestPath(dump);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw usageError(`${path} cannot be read (${(error as Error).message}): a backup is the dump and its manifest`);
  });
  const parsed = manifestSchema.safeParse(parseJson(text));
  if (!parsed.success) throw usageError(`${path} is no manifest of a backup: ${z.prettifyError(parsed.error)}`);
  const actual = await sha256(dump).catch((error: unknown) => {
    throw usageError(`${dump} cannot be read: ${(error as Error).message}`);
  });
  if (actual !== parsed.data.sha256) {
    throw usageError(
      `${dump} is damaged or another dump: its SHA-256 is ${actual}, the manifest says ${parsed.data.sha256}`,
    );
  }
  return parsed.data;
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
