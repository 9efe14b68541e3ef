import assert from 'node:assert/strict';
import { definitionJsonSchema } from '../../flows/definition.ts';
import type { Schema } from '../../web/editor/schema.ts';
import { suggest, type Known } from '../../web/editor/suggestions.ts';

const KNOWN: Known = {
  schema: definitionJsonSchema() as Schema,
  agents: new Map([
    ['scanner', { type: 'object', required: ['path'], properties: { path: { type: 'string' }, kind: { enum: ['all', 'few'] } } }],
    ['notifier', { type: 'object', properties: {} }],
  ]), // prettier-ignore
  workflows: ['nightly'],
};

/** What is offered at the `|` of the text, and what the text becomes with the first of it. */
function at(text: string): { labels: string[]; taken: string | undefined } {
  const position = text.indexOf('|');
  const plain = text.slice(0, position) + text.slice(position + 1);
  const found = suggest(plain, position, KNOWN);
  const first = found?.list[0];
  return {
    labels: found?.list.map(({ label }) => label) ?? [],
    taken: found && first && plain.slice(0, found.from) + first.text + plain.slice(found.to),
  };
}

describe('completion in the editor', () => {
  it('offers the fields of a definition that are not there yet, in JSON', () => {
    const { labels } = at('{ "name": "x", "|" }');
    assert.ok(labels.includes('nodes') && labels.includes('triggers'));
    assert.ok(!labels.includes('name'));
  });

  it('offers the fields of a node, in YAML, also before the rest is written', () => {
    for (const text of ['name: x\nnodes:\n  - id: a\n    |', 'name: x\nnodes:\n  - id: a\n    ru|\nedges: []\n']) {
      const { labels } = at(text);
      assert.ok(labels.includes('runIf') && labels.includes('agent'), text);
      assert.ok(!labels.includes('id'), text);
    }
  });

  it('offers allowed values, quoted as the text needs them', () => {
    const json = at('{ "nodes": [{ "id": "a", "runIf": "|" }] }');
    assert.ok(json.labels.includes('all_done'));
    assert.equal(json.taken, `{ "nodes": [{ "id": "a", "runIf": "${json.labels[0] ?? ''}" }] }`);
    const yaml = at('nodes:\n  - id: a\n    runIf: |\n');
    assert.equal(yaml.taken, `nodes:\n  - id: a\n    runIf: ${yaml.labels[0] ?? ''}\n`);
  });

  it('offers the fields of the trigger that is meant, not of the others', () => {
    const { labels } = at('{ "triggers": [{ "type": "schedule", "|" }] }');
    assert.ok(labels.includes('cron') && labels.includes('timezone'));
    assert.ok(!labels.includes('matchers') && !labels.includes('subject'));
    assert.ok(at('{ "triggers": [{ "type": "|" }] }').labels.includes('alertmanager'));
  });

  it('offers the names of agents, workflows and nodes', () => {
    assert.deepEqual(at('{ "nodes": [{ "id": "a", "agent": "sc|" }] }').labels, ['scanner', 'notifier']);
    assert.deepEqual(at('nodes:\n  - id: a\n    workflow: |\n').labels, ['nightly']);
    assert.deepEqual(at('{ "nodes": [{ "id": "a" }, { "id": "b" }], "edges": [{ "from": "|" }] }').labels, ['a', 'b']);
    assert.deepEqual(at('nodes:\n  - id: a\n  - id: b\n    dependsOn: [|]\n').labels, ['a', 'b']);
  });

  it('offers the input that the agent of the node takes', () => {
    assert.deepEqual(at('{ "nodes": [{ "id": "a", "agent": "scanner", "input": { "|" } }] }').labels, ['path', 'kind']);
    assert.deepEqual(at('nodes:\n  - id: a\n    agent: scanner\n    input:\n      kind: |\n').labels, ['all', 'few']);
  });

  it('offers nothing in a comment', () => {
    assert.deepEqual(at('name: x # |\n').labels, []);
  });
});
