interface Edge {
  readonly from: string;
  readonly to: string;
}

/** How a graph is drawn as lines: how deep each node stands, and what it comes after. */
export interface Levels {
  readonly depth: ReadonlyMap<string, number>;
  readonly after: ReadonlyMap<string, readonly string[]>;
}

/** The depth of a node is the length of the longest path that leads to it; the graph has no cycles. */
export function levelsOf(nodeIds: readonly string[], edges: readonly Edge[]): Levels {
  const after = new Map(nodeIds.map((id) => [id, edges.filter(({ to }) => to === id).map(({ from }) => from)]));
  const depth = new Map<string, number>();
  for (let round = 0, changed = true; changed && round < nodeIds.length; round++) {
    changed = false;
    for (const id of nodeIds) {
      const deeper = Math.max(0, ...(after.get(id) ?? []).map((from) => (depth.get(from) ?? 0) + 1));
      if (deeper !== depth.get(id)) changed = true;
      depth.set(id, deeper);
    }
  }
  return { depth, after };
}
