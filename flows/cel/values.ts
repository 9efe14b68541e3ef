import type { Json } from '../../contracts/json.ts';

/**
 * A value inside an expression. int is bigint and double is number. Lists and maps are one of two sorts:
 * JSON as it came in, whose numbers become int or double only when they are reached (converting a large output ahead
 * of each evaluation would cost more than the evaluation), and those that the expression itself made (`CelList`, Map),
 * whose elements are values already. The rest are timestamps, durations and types of the CEL library.
 */
export type CelValue = null | boolean | bigint | number | string | object;

/** A list that an expression made. Raw JSON lists are plain arrays. */
export class CelList extends Array<CelValue> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  static ofLength(length: number): CelList {
    const list = new CelList();
    list.length = length;
    return list;
  }
}

/** A map that an expression made. Raw JSON objects are plain objects. */
export type CelMap = Map<CelValue, CelValue>;

/** JSON numbers that are whole and exact in JavaScript enter as int, others as double. */
export function fromJson(value: unknown): CelValue {
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : (value as CelValue);
}

export function isList(value: CelValue): value is unknown[] {
  return Array.isArray(value);
}

/** True for JSON objects and for maps made by the expression, false for timestamps and the like. */
export function isMap(value: CelValue): value is CelMap | Record<string, Json> {
  return value instanceof Map || isJsonObject(value);
}

export function isJsonObject(value: CelValue): value is Record<string, Json> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

export function elementAt(list: readonly unknown[], index: number): CelValue {
  return list instanceof CelList ? (list[index] ?? null) : fromJson(list[index]);
}

/** The value under a key, undefined where there is none. Only own fields: prototypes are out of reach. */
export function fieldOf(map: CelMap | Record<string, Json>, key: CelValue): CelValue | undefined {
  if (map instanceof Map) return map.get(typeof key === 'number' && Number.isSafeInteger(key) ? BigInt(key) : key);
  return typeof key === 'string' && Object.hasOwn(map, key) ? fromJson(map[key]) : undefined;
}

export function keysOf(map: CelMap | Record<string, Json>): CelValue[] {
  return map instanceof Map ? [...map.keys()] : Object.keys(map);
}

/** A key or name for a message. */
export function keyText(key: CelValue): string {
  return typeof key === 'object' ? typeName(key) : String(key);
}

/** How CEL calls the type of a value, for messages. */
export function typeName(value: CelValue): string {
  switch (typeof value) {
    case 'bigint':
      return 'int';
    case 'number':
      return 'double';
    case 'boolean':
      return 'bool';
    case 'string':
      return 'string';
    default:
      if (value === null) return 'null';
      if (Array.isArray(value)) return 'list';
      if (value instanceof Date) return 'timestamp';
      return isMap(value) ? 'map' : value.constructor.name.toLowerCase();
  }
}
