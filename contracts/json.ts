/** A value that JSON can carry. Every input, output and event is one. */
export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

const DEEPEST = 200;
const CUT = '(nested too deep to be shown)';

/**
 * JSON text of whatever was stored. What is nested so deep that writing it down would overflow the stack (some thousand
 * levels, stored by hand) comes out cut, so that it can neither end a list nor hold up the outbox.
 */
export function toShownJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return JSON.stringify(cut(value, DEEPEST));
  }
}

function cut(value: unknown, levels: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (levels === 0) return CUT;
  if (Array.isArray(value)) return value.map((each) => cut(each, levels - 1));
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, cut(each, levels - 1)]));
}
