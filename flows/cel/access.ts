import { CelFault } from './fault.ts';
import { elementAt, fieldOf, isList, isMap, keysOf, keyText, typeName, type CelValue } from './values.ts';

/** Names that JavaScript's objects inherit. Refused even where JSON has such a key, so that no mistake can reach one. */
export const FORBIDDEN_NAMES: ReadonlySet<CelValue> = new Set<CelValue>(['__proto__', 'constructor', 'prototype']);

/**
 * `container[key]` and `container.key`. A field of null is null.
 * @param path how the source calls the container, for the message
 * @throws CelFault that names the path when there is no such field.
 */
export function access(container: CelValue, key: CelValue, path: string): CelValue {
  if (container === null) return null;
  const value = find(container, key);
  if (value !== undefined) return value;
  throw new CelFault(missing(container, key, path));
}

/** The value under the key, undefined where there is none; for `has()`. */
export function find(container: CelValue, key: CelValue): CelValue | undefined {
  if (FORBIDDEN_NAMES.has(key)) throw new CelFault(`The name "${keyText(key)}" is not allowed`);
  if (isList(container)) {
    const index = typeof key === 'bigint' || typeof key === 'number' ? Number(key) : -1;
    return Number.isInteger(index) && index >= 0 && index < container.length ? elementAt(container, index) : undefined;
  }
  return isMap(container) ? fieldOf(container, key) : undefined;
}

const MOST_NAMES = 12;

function missing(container: CelValue, key: CelValue, path: string): string {
  const name = typeof key === 'string' ? `"${key}"` : keyText(key);
  if (isList(container)) {
    if (typeof key === 'string')
      return `${path} is a list and has no field ${name}: use an index such as [0], or map(x, x.${key})`;
    return `${path}[${name}] is outside of the list, which has ${container.length} elements`;
  }
  if (!isMap(container)) return `${path} is of type ${typeName(container)} and has no field ${name}`;
  const names = keysOf(container).map(keyText);
  const shown = names.length > MOST_NAMES ? [...names.slice(0, MOST_NAMES), '…'] : names;
  return `${path} has no field ${name}; it has ${shown.length === 0 ? 'none' : shown.join(', ')}. Ask has(…) first where it may be absent`;
}
