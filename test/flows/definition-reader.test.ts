import assert from 'node:assert/strict';
import { createDefinitionReader } from '../../flows/definition-reader.ts';
import { createLogger } from '../../platform/log.ts';

const DEFINITION = { name: 'stored', nodes: [{ id: 'a', transform: '1' }] };

describe('stored definitions', () => {
  let lines: string[];
  let read: ReturnType<typeof createDefinitionReader>;
  beforeEach(() => {
    lines = [];
    read = createDefinitionReader(createLogger({ level: 'error', stream: { write: (line) => lines.push(line) } }));
  });

  it('are read once a version', () => {
    const first = { id: '1', name: 'stored', version: 1, definition: DEFINITION };
    assert.equal(read(first)?.name, 'stored');
    assert.equal(read({ ...first, definition: structuredClone(DEFINITION) }), read(first));
    assert.notEqual(read({ ...first, version: 2 }), read(first));
    assert.notEqual(read({ ...first, id: '2' }), read(first));
  });

  it('that cannot be read are null, and named in the log once', () => {
    const broken = { id: '1', name: 'broken', version: 3, definition: { nodes: 'none' } };
    assert.equal(read(broken), null);
    assert.equal(read(broken), null);
    assert.equal(lines.length, 1);
    const { workflow, version, msg } = JSON.parse(lines[0] ?? '') as Record<string, unknown>;
    assert.deepEqual(
      { workflow, version, msg },
      { workflow: 'broken', version: 3, msg: 'a stored definition cannot be read' },
    );
  });
});
