import { createHash } from 'node:crypto';
import type { Json } from '../contracts/json.ts';
import type { RunnableAgent } from './agents-here.ts';

/** What a cached result was made from: the same agent in the same version, and the same resolved input. */
export function cacheKey({ reference, digest }: Pick<RunnableAgent, 'reference' | 'digest'>, input: Json): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([reference.name, digest ?? reference.version, canonical(input)]));
  return hash.digest('hex');
}

/** The same value whatever the order of its keys. */
function canonical(value: Json): Json {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, inner]) => [key, canonical(inner)]);
}
