import type { Json } from '../../contracts/json.ts';
import type { Masker } from '../../platform/masker.ts';

/** Replaces secrets in the strings of an output (and in its keys): results are stored and shown. */
export function maskOutput(output: Json, masker: Masker): Json {
  if (typeof output === 'string') return masker.mask(output);
  if (typeof output !== 'object' || output === null) return output;
  if (Array.isArray(output)) return output.map((item) => maskOutput(item, masker));
  return Object.fromEntries(
    Object.entries(output).map(([key, value]) => [masker.mask(key), maskOutput(value, masker)]),
  );
}
