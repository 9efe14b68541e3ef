import type { Problem } from '../../contracts/errors.ts';
import { dottedPath } from '../../flows/problems.ts';

/** Levels of nesting that a body may have: far more than anything we read, far less than recursion stands. */
export const MOST_LEVELS = 80;
const HOSTILE_KEYS = new Set(['__proto__', 'constructor', 'prototype']);
const LONE_SURROGATE = /\p{Surrogate}/u;
const MOST_TOLD = 20;

interface Open {
  readonly value: unknown;
  readonly path: readonly PropertyKey[];
}

/** The path of something nested too deep, or undefined. Walks without recursion. */
export function tooDeep(json: unknown): string | undefined {
  for (const { value, path } of walk(json))
    if (isContainer(value) && path.length >= MOST_LEVELS) return dottedPath(path);
  return undefined;
}

/** Keys that mean something to JavaScript's objects, and text that Postgres cannot store. */
export function hazards(json: unknown): Problem[] {
  const problems: Problem[] = [];
  for (const { value, path } of walk(json)) {
    if (problems.length >= MOST_TOLD) break;
    const key = path.at(-1);
    if (typeof key === 'string') problems.push(...keyProblems(key, path));
    if (typeof value === 'string') problems.push(...textProblems(value, path));
  }
  return problems;
}

function* walk(json: unknown): Generator<Open> {
  const open: Open[] = [{ value: json, path: [] }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    yield next;
    const { value, path } = next;
    if (!isContainer(value) || path.length > MOST_LEVELS) continue;
    const isList = Array.isArray(value);
    for (const [key, child] of Object.entries(value))
      open.push({ value: child, path: [...path, isList ? Number(key) : key] });
  }
}

function keyProblems(key: string, path: readonly PropertyKey[]): Problem[] {
  if (HOSTILE_KEYS.has(key)) return [{ path: dottedPath(path), message: `A field must not be called "${key}"` }];
  return textProblems(key, path);
}

function textProblems(text: string, path: readonly PropertyKey[]): Problem[] {
  if (text.includes('\0')) return [{ path: dottedPath(path), message: 'Text must not hold the character \\u0000' }];
  if (LONE_SURROGATE.test(text))
    return [{ path: dottedPath(path), message: 'Text must not hold half of a surrogate pair' }];
  return [];
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
