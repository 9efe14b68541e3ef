import assert from 'node:assert/strict';
import { array, assert as check, integer, property, tuple } from 'fast-check';
import { collapse } from '../../web/graph/collapse.ts';
import { BOX_HEIGHT, layOut } from '../../web/graph/layout.ts';

const MOST_NODES = 30;

/** Random graphs without cycles: an edge leads from a smaller number to a larger one. */
const graphs = tuple(
  integer({ min: 1, max: MOST_NODES }),
  array(tuple(integer({ min: 0, max: 99 }), integer({ min: 0, max: 99 })), { maxLength: 60 }),
).map(([count, pairs]) => {
  const ids = Array.from({ length: count }, (_, index) => `n${index}`);
  const ends = pairs
    .map(([a, b]) => [a % count, b % count].sort((x, y) => x - y) as [number, number])
    .filter(([a, b]) => a !== b);
  const edges = [...new Set(ends.map(([a, b]) => `n${a} n${b}`))].map((key) => {
    const [from = '', to = ''] = key.split(' ');
    return { from, to };
  });
  return { ids, edges };
});

describe('the layout of a graph', () => {
  it('puts each box to the right of all that it depends on, and no two boxes over each other', () => {
    check(
      property(graphs, ({ ids, edges }) => {
        const { positions } = layOut(ids, edges);
        for (const { from, to } of edges)
          assert.ok((positions.get(from)?.x ?? 0) < (positions.get(to)?.x ?? 0), `${from} before ${to}`);
        for (const a of ids) {
          for (const b of ids) {
            if (a >= b || positions.get(a)?.x !== positions.get(b)?.x) continue;
            assert.ok(
              Math.abs((positions.get(a)?.y ?? 0) - (positions.get(b)?.y ?? 0)) >= BOX_HEIGHT,
              `${a} and ${b} do not touch`,
            );
          }
        }
      }),
    );
  });

  it('leads each edge that passes columns around the boxes in them', () => {
    const ids = ['a', 'b', 'c', 'd'];
    const edges = [
      { from: 'a', to: 'b' },
      { from: 'b', to: 'c' },
      { from: 'c', to: 'd' },
      { from: 'a', to: 'd' },
    ];
    const { positions, edges: routed } = layOut(ids, edges);
    const long = routed.find(({ from, to }) => from === 'a' && to === 'd');
    assert.equal(long?.via.length, 4, 'two points in each of the two columns');
    for (const { y } of long.via)
      assert.ok(Math.abs(y - (positions.get('b')?.y ?? 0) - BOX_HEIGHT / 2) > BOX_HEIGHT / 2);
  });

  it('lays out a chain of a thousand', () => {
    const ids = Array.from({ length: 1_000 }, (_, index) => `n${index}`);
    const { positions } = layOut(
      ids,
      ids.slice(1).map((to, index) => ({ from: `n${index}`, to })),
    );
    assert.equal(new Set([...positions.values()].map(({ y }) => y)).size, 1);
  });
});

describe('joining the nodes of a graph', () => {
  it('keeps every node in exactly one box, and the order of the boxes that of the nodes', () => {
    check(
      property(graphs, ({ ids, edges }) => {
        const joined = collapse(ids, edges, new Set());
        assert.deepEqual(joined.boxes.flatMap(({ members }) => members).sort(), [...ids].sort());
        const boxOf = new Map(
          joined.boxes.flatMap(({ id, members }) => members.map((member) => [member, id] as const)),
        );
        const expected = new Set(
          edges
            .map(({ from, to }) => `${boxOf.get(from) ?? ''}>${boxOf.get(to) ?? ''}`)
            .filter((key) => key.split('>')[0] !== key.split('>')[1]),
        );
        assert.deepEqual(new Set(joined.edges.map(({ from, to }) => `${from}>${to}`)), expected);
        layOut(
          joined.boxes.map(({ id }) => id),
          joined.edges,
        );
      }),
    );
  });

  it('makes one box of parallel lanes, and leaves what was opened open', () => {
    const lanes = Array.from({ length: 10 }, (_, lane) =>
      Array.from({ length: 4 }, (_step, step) => `l${lane}-${step}`),
    );
    const ids = ['start', ...lanes.flat(), 'end'];
    const edges = lanes.flatMap((lane) =>
      ['start', ...lane].map((from, index) => ({ from, to: [...lane, 'end'][index] ?? 'end' })),
    );
    const joined = collapse(ids, edges, new Set());
    assert.deepEqual(
      joined.boxes.map(({ members }) => members.length),
      [1, 40, 1],
    );
    const opened = collapse(ids, edges, new Set([joined.boxes[1]?.id ?? '']));
    assert.deepEqual(
      opened.boxes.map(({ members }) => members.length),
      [1, ...Array.from({ length: 10 }, () => 4), 1],
    );
  });
});
