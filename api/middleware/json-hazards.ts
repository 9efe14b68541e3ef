import type { Problem } from '../../contracts/errors.ts';
import { dottedPath } from '../../flows/problems.ts';

/** Levels of nesting that a body may have: far more than anything we read, far less than recursion stands. */
export const MOST_LEVELS = 80;
/** Of one object, and of one list: a body of 1 MiB could have 200,000 keys, and each costs whoever looks at them. */
export const MOST_KEYS = 10_000;
export const MOST_ITEMS = 100_000;
const HOSTILE_KEYS = new Set(['__proto__', 'constructor', 'prototype']);
const LONE_SURROGATE = /\p{Surrogate}/u;
const MOST_TOLD = 20;

/** A place in the JSON, linked to the one around it: a path of its own for each of 500,000 values would fill the memory. */
interface Place {
  readonly value: unknown;
  readonly key?: PropertyKey;
  readonly around?: Place;
  readonly level: number;
}

/** The path of something nested too deep, or undefined. Walks without recursion. */
export function tooDeep(json: unknown): string | undefined {
  for (const place of walk(json)) if (isContainer(place.value) && place.level >= MOST_LEVELS) return pathTo(place);
  return undefined;
}

/** Keys that mean something to JavaScript's objects, text that Postgres cannot store, and too much of either. */
export function hazards(json: unknown): Problem[] {
  const problems: Problem[] = [];
  for (const place of walk(json)) {
    if (problems.length >= MOST_TOLD) break;
    const { key, value } = place;
    for (const message of [...keyHazard(key), ...textHazard(value), ...sizeHazard(value)])
      problems.push({ path: pathTo(place), message });
  }
  return problems;
}

function* walk(json: unknown): Generator<Place> {
  const open: Place[] = [{ value: json, level: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    yield next;
    const { value, level } = next;
    if (!isContainer(value) || level > MOST_LEVELS) continue;
    if (Array.isArray(value)) {
      for (const [key, child] of value.entries()) open.push({ value: child, key, around: next, level: level + 1 });
    } else {
      for (const [key, child] of Object.entries(value))
        open.push({ value: child, key, around: next, level: level + 1 });
    }
  }
}

function pathTo(place: Place): string {
  const path: PropertyKey[] = [];
  for (let at: Place | undefined = place; at?.key !== undefined; at = at.around) path.unshift(at.key);
  return dottedPath(path);
}

function keyHazard(key: PropertyKey | undefined): string[] {
  if (typeof key !== 'string') return [];
  return HOSTILE_KEYS.has(key) ? [`A field must not be called "${key}"`] : textHazard(key);
}

function textHazard(text: unknown): string[] {
  if (typeof text !== 'string') return [];
  if (text.includes('\0')) return ['Text must not hold the character \\u0000'];
  return LONE_SURROGATE.test(text) ? ['Text must not hold half of a surrogate pair'] : [];
}

function sizeHazard(value: unknown): string[] {
  if (!isContainer(value)) return [];
  const isList = Array.isArray(value);
  const [size, most] = isList ? [value.length, MOST_ITEMS] : [Object.keys(value).length, MOST_KEYS];
  return size > most
    ? [`${isList ? 'A list' : 'An object'} has at most ${most} ${isList ? 'items' : 'fields'}, this has ${size}`]
    : [];
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
