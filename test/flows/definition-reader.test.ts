import assert from 'node:assert/strict';
import { createDefinitionReader } from '../../flows/definition-reader.ts';

const DEFINITION = { name: 'stored', nodes: [{ id: 'a', transform: '1' }] };

describe('stored definitions', () => {
  let reported: string[];
  let read: ReturnType<typeof createDefinitionReader>;
  beforeEach(() => {
    reported = [];
    read = createDefinitionReader((error, { name, version }) =>
      reported.push(`${name} ${String(version)}: ${String(error)}`),
    );
  });

  it('are read once a version', () => {
    const first = { id: '1', name: 'stored', version: 1, definition: DEFINITION };
    assert.equal(read(first)?.name, 'stored');
    assert.equal(read({ ...first, definition: structuredClone(DEFINITION) }), read(first));
    assert.notEqual(read({ ...first, version: 2 }), read(first));
    assert.notEqual(read({ ...first, id: '2' }), read(first));
  });

  it('that cannot be read are null, and reported once', () => {
    const broken = { id: '1', name: 'broken', version: 3, definition: { nodes: 'none' } };
    assert.equal(read(broken), null);
    assert.equal(read(broken), null);
    assert.equal(reported.length, 1);
    assert.match(reported[0] ?? '', /^broken 3: .*definition/i);
  });
});
