import type { Json } from '../contracts/json.ts';

const NOT_STORABLE = /\\u0000|\\u[dD][89a-fA-F][0-9a-fA-F]{2}/;
/** What Postgres cannot keep in jsonb becomes the replacement character: agents' output is data, whatever is in it. */
const REPLACEMENT = '\\ufffd';

/**
 * JSON text for a jsonb parameter. NUL characters and lone surrogates, which jsonb refuses, come out as U+FFFD; pairs of
 * surrogates are left alone (JSON.stringify escapes only lone ones).
 */
export function toJsonText(value: Json | object): string {
  const text = JSON.stringify(value);
  if (!NOT_STORABLE.test(text)) return text;
  return text.replace(/\\\\|\\u0000|\\u[dD][89a-fA-F][0-9a-fA-F]{2}/g, (match) =>
    match === '\\\\' ? match : REPLACEMENT,
  );
}
