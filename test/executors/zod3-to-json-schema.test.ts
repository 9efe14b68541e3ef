import assert from 'node:assert/strict';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { z, type ZodTypeAny } from 'zod/v3';
import type { JsonObject } from '../../contracts/json.ts';
import { isZod3, zod3ToJsonSchema } from '../../workers/agents/zod3-to-json-schema.ts';

/** What `enum Level { Low, High }` compiles to. */
const Level = { Low: 0, High: 1, 0: 'Low', 1: 'High' } as const;
interface Tree {
  readonly name: string;
  readonly children: Tree[];
}
const tree: z.ZodType<Tree> = z.lazy(() => z.object({ name: z.string(), children: z.array(tree) }));

/** Each schema with values that it takes and values that it refuses: JSON Schema has to agree. */
const CASES: readonly (readonly [string, ZodTypeAny, unknown[], unknown[]])[] = [
  ['strings', z.string().min(2).max(3), ['ab', 'abc'], ['a', 'abcd', 1, null]],
  ['exact lengths', z.string().length(2), ['ab'], ['a', 'abc']],
  ['patterns', z.string().regex(/^a+$/).startsWith('aa').endsWith('a'), ['aa', 'aaa'], ['a', 'ab']],
  ['patterns with special characters', z.string().includes('a.b/c'), ['xa.b/cx'], ['a-b/c']],
  ['strings that are changed before they are checked', z.string().trim().max(1), ['a', ' a '], [1]],
  ['formats', z.string().email(), ['a@example.org'], ['nobody']],
  ['numbers', z.number().int().min(1).lt(5), [1, 4], [0, 5, 1.5, '1']],
  ['steps', z.number().multipleOf(5).positive(), [5, 10], [7, 0]],
  ['booleans and null', z.union([z.boolean(), z.null()]), [true, null], [0, 'x']],
  ['literals', z.literal('on'), ['on'], ['off']],
  ['enums', z.enum(['a', 'b']), ['a'], ['c', 1]],
  ['enums of TypeScript', z.nativeEnum({ Up: 'up', Down: 'down' } as const), ['up'], ['Up']],
  [
    'optional and defaulted fields',
    z.object({ a: z.string(), b: z.number().optional(), c: z.boolean().default(true) }),
    [{ a: 'x' }, { a: 'x', b: 1, c: false }],
    [{}, { a: 'x', b: 'y' }],
  ],
  ['strict objects', z.object({ a: z.string() }).strict(), [{ a: 'x' }], [{ a: 'x', b: 1 }]],
  ['loose objects', z.object({ a: z.string() }), [{ a: 'x', b: 1 }], [{ b: 1 }]],
  ['catchalls', z.object({ a: z.string() }).catchall(z.number()), [{ a: 'x', b: 1 }], [{ a: 'x', b: 'y' }]],
  ['arrays', z.array(z.number()).min(1).max(2), [[1], [1, 2]], [[], [1, 2, 3], ['x']]],
  ['tuples', z.tuple([z.string(), z.number()]), [['a', 1]], [['a'], ['a', 1, 2], [1, 'a']]],
  ['tuples with a rest', z.tuple([z.string()]).rest(z.number()), [['a'], ['a', 1, 2]], [['a', 'b']]],
  ['records', z.record(z.number()), [{ a: 1 }], [{ a: 'x' }]],
  [
    'discriminated unions',
    z.discriminatedUnion('k', [z.object({ k: z.literal('a'), n: z.number() }), z.object({ k: z.literal('b') })]),
    [{ k: 'a', n: 1 }, { k: 'b' }],
    [{ k: 'a' }, { k: 'c' }],
  ],
  [
    'intersections',
    z.intersection(z.object({ a: z.string() }), z.object({ b: z.number() })),
    [{ a: 'x', b: 1 }],
    [{ a: 'x' }],
  ],
  ['nullable', z.string().nullable(), ['a', null], [1]],
  [
    'branded, readonly, refined and transformed',
    z
      .string()
      .brand('x')
      .readonly()
      .transform((text) => text.length),
    ['a'],
    [1],
  ],
  ['pipelines', z.string().pipe(z.coerce.number()), ['1'], [1]],
  [
    'recursion',
    tree,
    [{ name: 'a', children: [{ name: 'b', children: [] }] }],
    [{ name: 'a', children: [{ name: 'b' }] }],
  ],
  ['nothing at all', z.never(), [], [1, null]],
];

function validator(schema: ZodTypeAny): (value: unknown) => boolean {
  assert.ok(isZod3(schema));
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  return ajv.compile(zod3ToJsonSchema(schema));
}

describe('zod 3 as JSON Schema', () => {
  for (const [title, schema, good, bad] of CASES) {
    it(`agrees on ${title}`, () => {
      const validate = validator(schema);
      for (const value of good) {
        assert.ok(schema.safeParse(value).success);
        assert.ok(validate(value), `refuses ${JSON.stringify(value)}`);
      }
      for (const value of bad) {
        assert.ok(!schema.safeParse(value).success);
        assert.ok(!validate(value), `takes ${JSON.stringify(value)}`);
      }
    });
  }

  it('never refuses what zod takes', () => {
    const shapes = fc.letrec<{ node: ZodTypeAny }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom<ZodTypeAny>(z.string(), z.number(), z.boolean(), z.null(), z.unknown(), z.enum(['a', 'b'])),
        tie('node').map((inner) => z.array(inner)),
        tie('node').map((inner) => inner.optional()),
        tie('node').map((inner) => inner.nullable()),
        fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('node')).map((shape) => z.object(shape)),
        fc.tuple(tie('node'), tie('node')).map(([left, right]) => z.union([left, right])),
      ),
    }));
    fc.assert(
      fc.property(shapes.node, fc.array(fc.jsonValue(), { maxLength: 20 }), (schema, values) => {
        const validate = validator(schema);
        for (const value of values) if (schema.safeParse(value).success) assert.ok(validate(value));
      }),
      { numRuns: 100 },
    );
  });

  it('keeps descriptions and defaults', () => {
    const schema = z.object({ a: z.string().default('x').describe('what') }).describe('all');
    const { description, properties } = zod3ToJsonSchema(schema) as { description: string; properties: JsonObject };
    assert.equal(description, 'all');
    assert.deepEqual(properties.a, { type: 'string', default: 'x', description: 'what' });
  });

  it('takes the values of a numeric enum', () => {
    assert.deepEqual(zod3ToJsonSchema(z.nativeEnum(Level)).enum, [0, 1]);
  });
});
