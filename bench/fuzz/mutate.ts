import fc from 'fast-check';
import type { Json } from '../../contracts/json.ts';
import { hostileJson, hostileText } from './hostile.ts';

/** The same value with one thing wrong: a part replaced, left out, doubled or added under a hostile name. */
export function mutated(value: Json): fc.Arbitrary<Json> {
  const paths = pathsOf(value);
  return fc
    .tuple(fc.constantFrom(...paths), fc.constantFrom('replace', 'remove', 'add'), hostileJson, hostileText)
    .map(([path, how, other, key]) => change(value, path, (part) => apply(how, part, other, key)));
}

function apply(how: string, part: Json, other: Json, key: string): Json | undefined {
  if (how === 'remove') return undefined;
  if (how === 'replace' || typeof part !== 'object' || part === null) return other;
  return Array.isArray(part) ? [...(part as Json[]), other] : withField(part, key, other);
}

/** Also one called `__proto__`, as JSON.parse makes it. */
function withField(part: object, key: string, value: Json): Json {
  const copy = { ...part };
  Object.defineProperty(copy, key, { value, enumerable: true, configurable: true, writable: true });
  return copy as Json;
}

type Path = readonly (string | number)[];

function pathsOf(value: Json, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null || path.length > 6) return [path];
  const entries = Object.entries(value as object) as [string, Json][];
  const isList = Array.isArray(value);
  return [
    path,
    ...entries.slice(0, 30).flatMap(([key, child]) => pathsOf(child, [...path, isList ? Number(key) : key])),
  ];
}

function change(value: Json, [key, ...rest]: Path, edit: (part: Json) => Json | undefined): Json {
  if (key === undefined) return edit(value) ?? null;
  const entries = Object.entries(value as object) as [string, Json][];
  const changed = entries.flatMap(([name, child]): [string, Json][] => {
    if (name !== String(key)) return [[name, child]];
    const next = rest.length > 0 ? change(child, rest, edit) : edit(child);
    return next === undefined ? [] : [[name, next]];
  });
  if (Array.isArray(value)) return changed.map(([, child]) => child);
  return changed.reduce<Json>((copy, [name, child]) => withField(copy as object, name, child), {});
}

/** The bytes of a body with something wrong that no JSON value could be. */
export function brokenText(text: string): fc.Arbitrary<Buffer> {
  const bytes = Buffer.from(text);
  return fc.oneof(
    fc.nat(bytes.length).map((length) => bytes.subarray(0, length)),
    fc.tuple(fc.nat(Math.max(0, bytes.length - 1)), fc.nat(255)).map(([at, byte]) => {
      const copy = Buffer.from(bytes);
      if (copy.length > 0) copy[at] = byte;
      return copy;
    }),
    fc.constantFrom(
      Buffer.from('{"a":1}{"a":1}'),
      Buffer.from('[1e999]'),
      Buffer.from('{"__proto__":{"admin":true}}'),
      Buffer.from(`{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}`),
      Buffer.from([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]),
      Buffer.from('\ufeff{}'),
    ),
  );
}
