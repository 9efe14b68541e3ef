/** Definitions that several suites look at. */
export const DIAMOND = {
  name: 'diamond',
  description: 'Four nodes, two of them side by side',
  inputSchema: {
    type: 'object',
    required: ['text'],
    properties: { text: { type: 'string', description: 'What to say' }, times: { type: 'integer', default: 1 } },
  },
  nodes: [
    { id: 'scan', agent: 'echo', input: { text: '{{ input.text }}' } },
    { id: 'review', agent: 'chatter', input: { lines: 5 }, dependsOn: ['scan'] },
    { id: 'check', transform: 'scan.output.text + "!"', dependsOn: ['scan'] },
    { id: 'tell', transform: 'check.output', dependsOn: ['review', 'check'] },
  ],
};

export const FAILING = {
  name: 'failing',
  nodes: [
    { id: 'prepare', transform: '1' },
    { id: 'unpack', agent: 'broken', dependsOn: ['prepare'] },
    { id: 'after', transform: '1', dependsOn: ['unpack'] },
  ],
};

export const HELD = {
  name: 'held',
  nodes: [
    { id: 'hold', agent: 'held', input: { a: 1 } },
    { id: 'next', transform: 'hold.output', dependsOn: ['hold'] },
  ],
};

export const GATED = {
  name: 'gated',
  nodes: [{ id: 'gate', agent: 'echo', approval: { message: 'May I?' }, input: { a: 1 } }],
};

export const TALKING = {
  name: 'talking',
  nodes: [{ id: 'talk', agent: 'chatter', input: { lines: '{{ input.lines }}', everyMs: '{{ input.everyMs }}' } }],
};

export const SCHEDULED = {
  name: 'scheduled',
  description: 'Each night, and for critical alerts',
  triggers: [
    { type: 'schedule', cron: '0 3 * * *', timezone: 'UTC' },
    { type: 'alertmanager', matchers: ['team="console"'], cooldownSeconds: 600 },
  ],
  nodes: [{ id: 'scan', agent: 'echo' }],
};

/** A copy under a name of its own, for a suite that changes it. */
export function named<T extends object>(definition: T, name: string): T & { readonly name: string } {
  return { ...definition, name };
}

/** `columns` times `rows` nodes, each behind three of the column before. */
export function mesh(columns: number, rows: number): object {
  const nodes: { id: string; transform: string }[] = [];
  const edges: { from: string; to: string }[] = [];
  for (let column = 0; column < columns; column++) {
    for (let row = 0; row < rows; row++) {
      nodes.push({ id: `n${column}-${row}`, transform: '1' });
      const before = column === 0 ? [] : [...new Set([0, 3, 6].map((step) => (row * 7 + step) % rows))];
      for (const from of before) edges.push({ from: `n${column - 1}-${from}`, to: `n${column}-${row}` });
    }
  }
  return { name: `mesh-${columns}-${rows}`, nodes, edges };
}

/** One node, `width` side by side behind it, one behind those. */
export function fan(width: number): object {
  const parts = Array.from({ length: width }, (_, index) => `part-${index}`);
  return {
    name: `fan-${width}`,
    nodes: [
      { id: 'start', transform: '1' },
      ...parts.map((id) => ({ id, transform: '1' })),
      { id: 'end', transform: '1' },
    ],
    edges: parts.flatMap((id) => [
      { from: 'start', to: id },
      { from: id, to: 'end' },
    ]),
  };
}
