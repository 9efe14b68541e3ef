import { Duration, UnsignedInt } from '@marcbachmann/cel-js/evaluator';
import type { Json, JsonObject } from '../../contracts/json.ts';
import { LONGEST_STRING, type Budget } from './budget.ts';
import { CelFault } from './fault.ts';
import { CelList, isJsonObject, isList, keyText, typeName, type CelValue } from './values.ts';

/**
 * Turns the result of an expression into JSON. JSON that came in leaves as it is, not copied. Timestamps become ISO
 * 8601, durations seconds with an `s` (`"90s"`).
 * @throws CelFault for what JSON cannot carry, and for results that are too large.
 */
export function toJson(value: CelValue, budget: Budget): Json {
  // a value that came in whole has been within limits; only what was put together can be large
  if (isJsonObject(value) || (isList(value) && !(value instanceof CelList))) return value as Json;
  return new Leaving(budget).json(value, 0);
}

const DEEPEST = 64;

class Leaving {
  readonly #budget: Budget;
  #size = 0;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  json(value: CelValue, depth: number): Json {
    switch (typeof value) {
      case 'bigint':
        return this.#counted(intToJson(value), 8);
      case 'number':
        return this.#counted(doubleToJson(value), 8);
      case 'string':
        return this.#counted(value, value.length);
      case 'boolean':
        return this.#counted(value, 5);
      default:
        return value === null ? this.#counted(null, 4) : this.#object(value, depth);
    }
  }

  #object(value: object, depth: number): Json {
    if (depth > DEEPEST) throw new CelFault(`The result is nested deeper than ${DEEPEST} levels`);
    if (value instanceof CelList) return Array.from(value, (element) => this.json(element, depth + 1));
    if (value instanceof Map) return this.#map(value as Map<CelValue, CelValue>, depth);
    if (Array.isArray(value) || isJsonObject(value)) return this.#raw(value as Json);
    if (value instanceof UnsignedInt) return this.#counted(intToJson(value.valueOf()), 8);
    return this.#counted(opaqueToJson(value), 32);
  }

  #map(map: Map<CelValue, CelValue>, depth: number): JsonObject {
    const object: JsonObject = {};
    for (const [key, value] of map) {
      const name = keyText(key);
      this.#counted(name, name.length);
      object[name] = this.json(value, depth + 1);
    }
    return object;
  }

  /** Parts that came in are shared, but a list may hold the same large part a thousand times: count them. */
  #raw(part: Json): Json {
    const open: Json[] = [part];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      this.#counted(next, typeof next === 'string' ? next.length : 8);
      if (Array.isArray(next)) for (const child of next) open.push(child);
      else if (typeof next === 'object' && next !== null) for (const child of Object.values(next)) open.push(child);
    }
    return part;
  }

  #counted<T extends Json>(value: T, size: number): T {
    this.#budget.charge(1);
    this.#size += size;
    if (this.#size > LONGEST_STRING) {
      throw new CelFault(`The result is larger than ${LONGEST_STRING} characters of JSON`, undefined, { final: true });
    }
    return value;
  }
}

function intToJson(value: bigint): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw new CelFault(
    `The integer ${value} is outside of what JSON numbers hold exactly (±2^53): use string(…) or double(…)`,
  );
}

function doubleToJson(value: number): number {
  if (Number.isFinite(value)) return value;
  throw new CelFault(`The result ${value} is no number that JSON can carry`);
}

function opaqueToJson(value: object): string {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Duration) return `${Number(value.seconds) + value.nanos / 1e9}s`;
  throw new CelFault(
    `A result of type ${typeName(value)} cannot leave the expression: convert it with string(…) or int(…)`,
  );
}
