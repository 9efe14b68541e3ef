import fc from 'fast-check';
import type { Json } from '../../contracts/json.ts';

/** Text that has broken somebody's parser, store, page or shell before. */
export const HOSTILE_TEXTS: readonly string[] = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  '\u202egnp.exe',
  '\r\nSet-Cookie: a=b',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  "' OR '1'='1",
  '\'; DROP TABLE "Workflow"; --',
  '$1',
  '${7*7}',
  '{{ 7 * 7 }}',
  '{{ input.constructor.constructor("return process")() }}',
  '<script>alert(1)</script>',
  '../../../../etc/passwd',
  '..%2f..%2fetc%2fpasswd',
  '%00',
  '%',
  '%ff',
  '$(id)',
  '`id`',
  '-1',
  '0',
  '1e309',
  'NaN',
  'null',
  'true',
  '99999999999999999999',
  '00000000-0000-4000-8000-000000000000',
  '------------------------------------',
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59-23:59',
  '9999-99-99 99:99:99+99|00000000-0000-4000-8000-000000000000',
  '2026-02-30 12:00:00+00|------------------------------------',
  'x'.repeat(5_000),
  '😀'.repeat(300),
  '[' + '['.repeat(200) + ']'.repeat(200) + ']',
];

const HOSTILE_NUMBERS: readonly number[] = [
  0,
  -0,
  -1,
  0.1,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32,
  2 ** 53 - 1,
  -(2 ** 53 - 1),
  2 ** 63,
  1e308,
  Number.MIN_VALUE,
];

export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...HOSTILE_TEXTS) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
);

/** A value that its field does not expect. */
export const hostileJson: fc.Arbitrary<Json> = fc.oneof(
  { weight: 4, arbitrary: hostileText },
  { weight: 2, arbitrary: fc.constantFrom(...HOSTILE_NUMBERS) },
  { weight: 1, arbitrary: fc.constantFrom<Json[]>(null, true, false, [], {}, [[]], [{}], { '': '' }) },
  { weight: 1, arbitrary: fc.integer({ min: 3, max: 120 }).map(nested) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }).map((value) => value as Json) },
);

function nested(levels: number): Json {
  let value: Json = 'deep';
  for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}
