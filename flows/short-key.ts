import { createHash } from 'node:crypto';

/** Postgres refuses index entries of 2,704 bytes and more; several columns may share one. */
const MOST_BYTES = 1_024;
const SHOWN = 200;

/** A text of somebody else's as part of a key: as it is, or its beginning and its hash where it is too long for an index. */
export function shortKey(text: string): string {
  if (Buffer.byteLength(text) <= MOST_BYTES) return text;
  const beginning = text.slice(0, SHOWN).replace(/\p{Surrogate}/gu, ''); // the cut may leave half of a character
  return `${beginning}… ${createHash('sha256').update(text).digest('hex')}`;
}
