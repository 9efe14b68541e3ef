import { isDeepStrictEqual } from 'node:util';
import type { Json } from '../../contracts/json.ts';

/** One difference, in the manner of JSON Patch, with the old value beside the new. */
export interface Change {
  readonly op: 'add' | 'remove' | 'replace';
  readonly path: string;
  readonly from?: Json;
  readonly to?: Json;
}

/**
 * What changed between two definitions. Lists whose members have an id are compared by it, so that a node moved or put in
 * between is not every node after it changed.
 */
export function diff(from: Json, to: Json, path = ''): Change[] {
  if (isDeepStrictEqual(from, to)) return [];
  const before = fieldsOf(from);
  const after = fieldsOf(to);
  if (!before || !after || Array.isArray(from) !== Array.isArray(to)) return [{ op: 'replace', path, from, to }];
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((key) =>
    fieldDiff(`${path}/${escape(key)}`, before.get(key), after.get(key)),
  );
}

function fieldDiff(path: string, before: Json | undefined, after: Json | undefined): Change[] {
  if (before === undefined) return after === undefined ? [] : [{ op: 'add', path, to: after }];
  return after === undefined ? [{ op: 'remove', path, from: before }] : diff(before, after, path);
}

/** The members of an object, or of a list by their ids, or by their whole text (edges); null where there are none such. */
function fieldsOf(value: Json): Map<string, Json> | null {
  if (typeof value !== 'object' || value === null) return null;
  if (!Array.isArray(value)) return new Map(Object.entries(value));
  const keys = value.map(keyOf);
  return keys.includes(null) || new Set(keys).size < keys.length
    ? null
    : new Map(value.map((item, index) => [keys[index] ?? '', item]));
}

function keyOf(item: Json): string | null {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return null;
  if (typeof item.id === 'string') return item.id;
  return typeof item.from === 'string' && typeof item.to === 'string' ? `${item.from}->${item.to}` : null;
}

function escape(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
