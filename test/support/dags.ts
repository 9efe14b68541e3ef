import fc from 'fast-check';

/** Nodes 0 … size-1; every edge leads from a lower to a higher one, so that there is no cycle. */
export interface Dag {
  readonly size: number;
  readonly edges: readonly (readonly [from: number, to: number])[];
}

/** Graphs of up to `most` nodes, from without an edge to dense, in shapes that people draw and in none. */
export function arbitraryDag(most: number): fc.Arbitrary<Dag> {
  return fc
    .integer({ min: 1, max: most })
    .chain((size) =>
      fc
        .array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: size * 3 })
        .map((pairs) => ({ size, edges: distinctForward(pairs) })),
    );
}

function distinctForward(pairs: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const byKey = new Map<string, readonly [number, number]>();
  for (const [a, b] of pairs) {
    if (a !== b) byKey.set(`${Math.min(a, b)}-${Math.max(a, b)}`, [Math.min(a, b), Math.max(a, b)]);
  }
  return [...byKey.values()];
}
