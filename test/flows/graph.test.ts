import assert from 'node:assert/strict';
import fc from 'fast-check';
import { buildGraph, findCycle } from '../../flows/graph.ts';
import { refusal } from './refusals.ts';

const edge = (from: string, to: string) => ({ from, to });
const name = (index: number) => `n${index}`;

/** Ids and edges that only lead from lower to higher numbers, ids shuffled. */
const dag = fc.integer({ min: 1, max: 40 }).chain((size) =>
  fc.record({
    ids: fc.shuffledSubarray(
      Array.from({ length: size }, (_, index) => name(index)),
      { minLength: size },
    ),
    edges: fc
      .array(
        fc.tuple(fc.nat(size - 1), fc.nat(size - 1)).map(([a, b]) => edge(name(Math.min(a, b)), name(Math.max(a, b)))),
        { maxLength: 120 },
      )
      .map((edges) => edges.filter(({ from, to }) => from !== to)),
  }),
);

describe('a graph', () => {
  it('knows sources, sinks, dependencies and dependents of a diamond', () => {
    const graph = buildGraph(
      ['notify', 'scan', 'review', 'check'],
      [edge('scan', 'review'), edge('scan', 'check'), edge('review', 'notify'), edge('check', 'notify')],
    );
    assert.deepEqual(graph.sources, ['scan']);
    assert.deepEqual(graph.sinks, ['notify']);
    assert.deepEqual(graph.order, ['scan', 'review', 'check', 'notify']);
    assert.deepEqual(graph.dependencies.get('notify'), ['review', 'check']);
    assert.deepEqual(graph.dependents.get('scan'), ['review', 'check']);
    assert.deepEqual([...graph.ancestors('notify')], ['scan', 'review', 'check']);
    assert.ok(graph.hasPath('scan', 'notify'));
    assert.ok(!graph.hasPath('notify', 'scan'));
    assert.ok(!graph.hasPath('scan', 'scan'));
  });

  it('names the path of a cycle, from its first node on', () => {
    const edges = [edge('x', 'B'), edge('A', 'B'), edge('B', 'C'), edge('C', 'A'), edge('C', 'y')];
    const error = refusal('INVALID_DEFINITION', () => buildGraph(['x', 'y', 'A', 'B', 'C'], edges));
    assert.equal(error.message, 'Circular dependency detected: A -> B -> C -> A');
    assert.deepEqual(findCycle(['a'], [edge('a', 'a')]), ['a', 'a']);
    assert.equal(findCycle(['a', 'b'], [edge('a', 'b')]), null);
  });

  it('counts an edge given twice once', () => {
    const graph = buildGraph(['a', 'b'], [edge('a', 'b'), edge('a', 'b')]);
    assert.deepEqual(graph.dependencies.get('b'), ['a']);
  });

  it('takes a chain of 10,000 and a cycle as long without overflowing the stack', () => {
    const ids = Array.from({ length: 10_001 }, (_, index) => name(index));
    const chain = ids.slice(1).map((id, index) => edge(name(index), id));
    const graph = buildGraph(ids, chain);
    assert.equal(graph.order.length, 10_001);
    assert.equal(graph.ancestors('n10000').size, 10_000);
    assert.equal(findCycle(ids, [...chain, edge('n10000', 'n0')])?.length, 10_002);
  });

  it('orders every node after its dependencies, for any acyclic graph', () => {
    fc.assert(
      fc.property(dag, ({ ids, edges }) => {
        const { order } = buildGraph(ids, edges);
        const place = new Map(order.map((id, index) => [id, index]));
        assert.deepEqual([...order].sort(), [...ids].sort());
        for (const { from, to } of edges) assert.ok(place.get(from)! < place.get(to)!);
      }),
    );
  });

  it('knows exactly the nodes that a walk along the edges reaches', () => {
    fc.assert(
      fc.property(dag, ({ ids, edges }) => {
        const graph = buildGraph(ids, edges);
        for (const id of ids) {
          const reached = new Set<string>();
          const open = [id];
          for (const at of open) {
            for (const { from } of edges.filter(({ to }) => to === at)) {
              if (!reached.has(from)) open.push(from);
              reached.add(from);
            }
          }
          assert.deepEqual(new Set(graph.ancestors(id)), reached);
          for (const other of ids) assert.equal(graph.hasPath(other, id), reached.has(other));
        }
      }),
      { numRuns: 40 },
    );
  });

  it('finds a real cycle in any graph to which a back edge was added', () => {
    fc.assert(
      fc.property(dag, fc.nat(), ({ ids, edges }, seed) => {
        fc.pre(edges.length > 0);
        const { from, to } = edges[seed % edges.length]!;
        const all = [...edges, edge(to, from)];
        const cycle = findCycle(ids, all);
        assert.ok(cycle !== null && cycle.length > 2);
        assert.equal(cycle[0], cycle.at(-1));
        assert.equal(new Set(cycle).size, cycle.length - 1);
        for (const [index, id] of cycle.slice(1).entries())
          assert.ok(all.some((each) => each.from === cycle[index] && each.to === id));
      }),
    );
  });
});
