import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { Context } from 'koa';

/** What the build compressed beside each file, best first. */
const ENDINGS = { br: '.br', gzip: '.gz' } as const;

export interface Variant {
  readonly path: string;
  /** Length, encoding and tag of exactly this variant. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The file as the caller likes it best: as brotli or gzip where the build made that, else as it is; undefined without one. */
export async function findVariant(ctx: Context, file: string): Promise<Variant | undefined> {
  for (const [encoding, ending] of Object.entries(ENDINGS)) {
    if (ctx.acceptsEncodings(encoding) === false) continue;
    const compressed = await describe(`${file}${ending}`, { 'Content-Encoding': encoding });
    if (compressed) return compressed;
  }
  return describe(file, {});
}

async function describe(path: string, encoding: Readonly<Record<string, string>>): Promise<Variant | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) return undefined;
  return {
    path,
    headers: {
      ...encoding,
      Vary: 'Accept-Encoding',
      'Content-Length': String(found.size),
      ETag: `W/"${found.size.toString(36)}-${Math.floor(found.mtimeMs).toString(36)}"`,
    },
  };
}

export function openVariant({ path }: Variant): Readable {
  return createReadStream(path);
}
