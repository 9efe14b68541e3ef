import assert from 'node:assert/strict';
import { schemaProblem, validateInput } from '../../flows/json-schema.ts';
import { cpuMs } from './cpu-time.ts';
import { assertProblem } from './refusals.ts';

describe('a JSON Schema of a user', () => {
  it('finds every problem of a value, with its path', () => {
    const schema = {
      type: 'object',
      required: ['host'],
      properties: {
        host: { type: 'string' },
        level: { enum: ['low', 'high'] },
        tags: { type: 'array', items: { type: 'string' } },
        kind: { const: 'x' },
        at: { format: 'date-time' },
      },
      additionalProperties: false,
    };
    const problems = validateInput(
      schema,
      { level: 'mid', tags: ['a', 1], typo: 1, kind: 'y', at: 'noon', 'odd name': 1 },
      ['input'],
    );
    assertProblem(problems, 'input.host', 'Required');
    assertProblem(problems, 'input.level', 'allowed values: "low", "high"');
    assertProblem(problems, 'input.tags[1]', 'Must be string');
    assertProblem(problems, 'input.typo', 'Unknown field "typo"');
    assertProblem(problems, 'input["odd name"]', 'Unknown field');
    assertProblem(problems, 'input.kind', '"x"');
    assertProblem(problems, 'input.at', 'format');
    assert.equal(problems.length, 7);
    assert.deepEqual(validateInput(schema, { host: 'a' }), []);
  });

  it('may be of draft 2020-12 or 7, with an $id that others have too', () => {
    for (const $schema of [
      'https://json-schema.org/draft/2020-12/schema',
      'http://json-schema.org/draft-07/schema#',
      undefined,
    ]) {
      for (const type of ['string', 'integer']) {
        const schema = {
          ...($schema && { $schema }),
          $id: 'https://example.org/same',
          type,
          $defs: { a: { type: 'object' } },
        };
        assert.equal(schemaProblem(schema), null);
        assert.equal(validateInput(schema, {}).length, 1);
      }
    }
  });

  it('may refer to itself', () => {
    const tree = {
      type: 'object',
      properties: { children: { type: 'array', items: { $ref: '#/$defs/tree' } } },
      $defs: { tree: { type: 'object', properties: { children: { type: 'array', items: { $ref: '#/$defs/tree' } } } } },
    };
    assert.deepEqual(validateInput(tree, { children: [{ children: [{}] }] }), []);
    assertProblem(validateInput(tree, { children: [{ children: [1] }] }), 'children[0].children[0]', 'object');
  });

  it('may refer to its root', () => {
    const tree = { type: 'object', properties: { child: { $ref: '#' } } };
    assertProblem(validateInput(tree, { child: { child: 1 } }), 'child.child', 'object');
  });

  it('is apart from others with the same $id within', () => {
    for (const type of ['string', 'integer']) {
      const schema = { $defs: { a: { $id: 'https://example.org/a', type } }, properties: { x: { $ref: '#/$defs/a' } } };
      assert.equal(schemaProblem(schema), null);
      assert.deepEqual(validateInput(schema, { x: type === 'string' ? 'a' : 1 }), []);
    }
  });

  it('that refers to itself without an end is refused, or accepts nothing and stops', () => {
    const loop = { $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } } };
    assert.match(schemaProblem(loop) ?? '', /refers to itself without an end/);
    const hidden = { $defs: { a: { anyOf: [{ $ref: '#/$defs/a' }, { type: 'string' }] } }, $ref: '#/$defs/a' };
    assertProblem(validateInput(hidden, 1), '', 'refers to itself');
  });

  const refused: [title: string, schema: Record<string, unknown>, message: RegExp][] = [
    ['no schema', { type: 'thing' }, /schema is invalid/],
    ['a reference to another host', { $ref: 'http://127.0.0.1/schema.json' }, /only references within/],
    [
      'a reference to a file, deep inside',
      { properties: { a: { items: { $ref: 'file:///etc/passwd' } } } },
      /properties\.a\.items\.\$ref: only references within/,
    ],
    ['a reference to nowhere', { $ref: '#/$defs/nothing' }, /resolve/],
    ['a pattern that is none', { pattern: '(' }, /^The pattern \( cannot be used: .*missing closing/],
    ['a pattern that RE2 does not know', { pattern: '(?<=a)b' }, /invalid named capture/],
    ['a pattern that is too long', { pattern: 'a'.repeat(2_000) }, /at most 1000 characters/],
    ['too many keywords', { allOf: Array.from({ length: 30_000 }, () => ({})) }, /at most 20000 keywords/],
    ['too many characters', { description: 'x'.repeat(300_000) }, /at most 262144 characters/],
    [
      'an unknown draft in $ref of draft 7',
      { $schema: 'http://json-schema.org/draft-07/schema#', $ref: 'other.json' },
      /only references within/,
    ],
  ];
  for (const [title, schema, message] of refused)
    it(`is refused when it is ${title}`, () => assert.match(schemaProblem(schema) ?? '', message));

  it('is refused when it is nested too deeply, and refuses nothing then', () => {
    let deep: Record<string, unknown> = { type: 'string' };
    for (let level = 0; level < 10_000; level += 1) deep = { not: deep };
    assert.match(schemaProblem(deep) ?? '', /deeper than 64 levels/);
    assert.deepEqual(validateInput(deep, 1), []);
  });

  it('with a pattern made to backtrack answers at once', () => {
    const schema = {
      type: 'object',
      properties: { a: { pattern: '^(a+)+$' } },
      patternProperties: { '^(x|x)*y$': { type: 'string' } },
    };
    const spent = cpuMs(() => {
      const problems = validateInput(schema, { a: `${'a'.repeat(5_000)}!`, ['x'.repeat(5_000)]: 1 });
      assert.deepEqual(
        problems.map(({ path }) => path),
        ['a'],
      );
    });
    assert.ok(spent < 1_000, `${spent} ms`);
  });
});
