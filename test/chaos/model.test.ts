import assert from 'node:assert/strict';
import { explore } from './model/explore.ts';
import type { Rules } from './model/moves.ts';
import type { Graph } from './model/state.ts';

const SINGLE: Graph = { size: 1, edges: [] };
const CHAIN: Graph = { size: 2, edges: [[0, 1]] };
const FAN_IN: Graph = {
  size: 3,
  edges: [
    [0, 2],
    [1, 2],
  ],
};
const DIAMOND: Graph = {
  size: 4,
  edges: [
    [0, 1],
    [0, 2],
    [1, 3],
    [2, 3],
  ],
};

const engine = (graph: Graph): Rules => ({ graph, fenced: true, repairs: true, checksToken: true });

describe('the model of claim, settle, release and rebuild', function () {
  const graphs = {
    'a single node': [SINGLE, 3],
    'a chain': [CHAIN, 2],
    'a fan-in': [FAN_IN, 2],
    'a diamond': [DIAMOND, 1],
  } as const;
  for (const [name, [graph, faults]] of Object.entries(graphs)) {
    it(`ends ${name} once, without overlap, whatever ${faults} faults hit two workers and Redis`, () => {
      const { states, violations } = explore(engine(graph), { faults });
      assert.deepEqual(violations, []);
      assert.ok(states > 100, `${states} states`);
    });
  }

  it('finds the overlap that fencing prevents', () => {
    const { violations } = explore({ ...engine(SINGLE), fenced: false }, { faults: 1 });
    assert.match(violations[0]?.message ?? '', /runs twice at the same time/);
  });

  it('finds the second result that the token prevents', () => {
    const { violations } = explore({ ...engine(CHAIN), checksToken: false }, { faults: 1 });
    assert.match(violations[0]?.message ?? '', /has 2 results/);
  });

  it('finds the run that stands still when nobody repairs what Redis has lost', () => {
    const { violations } = explore({ ...engine(CHAIN), repairs: false }, { faults: 1 });
    assert.match(violations[0]?.message ?? '', /never ends/);
  });
});
