import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Json } from '../../contracts/json.ts';
import type { Scope } from '../../flows/expressions.ts';
import { compileTemplate } from '../../flows/templates.ts';
import { cpuMicroseconds } from './cpu-time.ts';
import { assertProblem, refusal } from './refusals.ts';

const scope: Scope = {
  input: { path: '/srv', n: 3, list: [1, { a: null }], text: '{{ input.path }}', none: null },
  run: { id: 'r1' },
  nodes: {
    scan: { status: 'SUCCESS', output: { summary: { critical: 3 } } },
    'scan-a': { status: 'SUCCESS', output: [1.5, true] },
    failed: { status: 'FAILED', output: null },
  },
};
function nested(levels: number): Json {
  let json: Json = 0;
  for (let level = 0; level < levels; level += 1) json = [json];
  return json;
}
const compile = (json: Json) => compileTemplate(json, { nodeIds: Object.keys(scope.nodes) });
const resolve = (json: Json) => compile(json).resolve(scope);

describe('a template', () => {
  const cases: [template: Json, value: Json][] = [
    ['{{ scan.output.summary }}', { critical: 3 }],
    ['{{input.n}}', 3],
    ['{{ scan-a.output }}', [1.5, true]],
    ['{{ nodes.scan-a.output[1] }}', true],
    ['{{ failed.output }}', null],
    ['Found {{ scan.output.summary.critical }} critical issues', 'Found 3 critical issues'],
    ['{{ input.path }}/{{ input.n }}', '/srv/3'],
    ['got {{ input.list }}', 'got [1,{"a":null}]'],
    ['got {{ failed.output }}.', 'got .'],
    [' {{ input.n }}', ' 3'],
    ['no template', 'no template'],
    ['', ''],
    ['a } b }} c { d', 'a } b }} c { d'],
    ['\\{{ input.n }}', '{{ input.n }}'],
    ['\\{{ {{ input.n }} }}', '{{ 3 }}'],
    ['{{ {"a": {"b": {"c": 1}}} }}', { a: { b: { c: 1 } } }],
    ['{{{"a": 1}}}', { a: 1 }],
    ['{{ "}}" }}', '}}'],
    ['{{ \'{{ }}\' + "{" }}', '{{ }}{'],
    [
      { a: ['{{ input.n }}', { b: 'x{{ input.n }}', c: [1, null, true] }] },
      { a: [3, { b: 'x3', c: [1, null, true] }] },
    ],
    [{ '{{ input.n }}': 1 }, { '{{ input.n }}': 1 }],
    [5, 5],
    [null, null],
  ];
  for (const [template, value] of cases)
    it(`${JSON.stringify(template)} gives ${JSON.stringify(value)}`, () => assert.deepEqual(resolve(template), value));

  it('gives data: what comes out of one is never evaluated again', () => {
    assert.equal(resolve('{{ input.text }}'), '{{ input.path }}');
    assert.equal(resolve('is {{ input.text }}'), 'is {{ input.path }}');
  });

  it('tells which nodes and roots it reads, all strings together', () => {
    const { references, roots, isDynamic } = compile({
      a: '{{ scan.output }}',
      b: ['x {{ nodes.scan-a.status }} {{ context.n }}'],
    });
    assert.deepEqual([...references], ['scan', 'scan-a']);
    assert.deepEqual([...roots], ['input']);
    assert.ok(isDynamic);
  });

  it('that has none is the JSON itself, shared and not copied', () => {
    const json = { a: [1, { b: 'x' }] };
    assert.ok(!compile(json).isDynamic);
    assert.equal(resolve(json), json);
    const mixed = resolve({ fixed: json, n: '{{ input.n }}' }) as { fixed: Json };
    assert.equal(mixed.fixed, json);
  });

  it('that cannot be resolved names its path and the reference', () => {
    const error = refusal('TEMPLATE_ERROR', () => resolve({ a: [{ b: 'x {{ scan.output.sumary.critical }}' }] }));
    assert.match(error.message, /^a\[0\]\.b: scan\.output has no field "sumary"; it has summary/);
    assertProblem(error.problems, 'a[0].b', 'scan.output has no field');
  });

  it('that names an unknown node is refused when it is compiled', () => {
    assert.match(
      refusal('TEMPLATE_ERROR', () => compile({ x: '{{ nobody.output }}' })).message,
      /^x: Cannot resolve dependency nobody/,
    );
  });

  it('that is not closed, or empty, is refused when it is compiled', () => {
    assert.match(refusal('TEMPLATE_ERROR', () => compile('ab {{ input.n')).message, /"\{\{" at column 4 has no "\}\}"/);
    assert.match(refusal('TEMPLATE_ERROR', () => compile('{{ "}} ')).message, /Unterminated string/);
    refusal('TEMPLATE_ERROR', () => compile('{{ }}'));
    assert.match(
      refusal('TEMPLATE_ERROR', () => compile(`{{ input.n }}${'x'.repeat(300_000)}`)).message,
      /at most 262144 characters/,
    );
  });

  it('gives any value back with its type, and any text around it unchanged', () => {
    const text = fc.string().filter((each) => !each.includes('{{') && !each.endsWith('\\') && !each.endsWith('{'));
    fc.assert(
      fc.property(fc.jsonValue(), text, text, (value, before, after) => {
        const x = JSON.parse(JSON.stringify(value)) as Json;
        const values: Scope = { ...scope, input: { x } };
        assert.deepEqual(compile('{{ input.x }}').resolve(values), x);
        const written = x === null ? '' : typeof x === 'string' ? x : JSON.stringify(x);
        fc.pre(before + after !== '');
        assert.equal(compile(`${before}{{ input.x }}${after}`).resolve(values), before + written + after);
      }),
    );
  });

  it('does not grow without limit', () => {
    const large: Scope = { ...scope, input: { x: 'x'.repeat(1_000_000), deep: nested(100_000) } };
    assert.match(
      refusal('TEMPLATE_ERROR', () => compile('{{ input.x }}'.repeat(20)).resolve(large)).message,
      /longer than/,
    );
    assert.match(
      refusal('TEMPLATE_ERROR', () => compile('is {{ input.deep }}').resolve(large)).message,
      /nested too deeply/,
    );
  });

  it('is resolved fast enough for the hot path', () => {
    const template = compile({
      repositoryPath: '{{ input.path }}',
      message: 'Found {{ scan.output.summary.critical }} issues',
      channel: 'console',
    });
    const spent = cpuMicroseconds(() => template.resolve(scope));
    assert.ok(spent < 30, `${spent} µs`);
  });
});
