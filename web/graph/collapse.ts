import type { Edge } from '../wire.ts';

/** One box of the graph: a node, or many that are alike. */
export interface Box {
  readonly id: string;
  /** The ids of the nodes; one where the box is a node. */
  readonly members: readonly string[];
  readonly shape: 'node' | 'siblings' | 'chain';
}

export interface Boxes {
  readonly boxes: readonly Box[];
  readonly edges: readonly Edge[];
}

/** Fewer than these are shown one by one. */
const LEAST_SIBLINGS = 5;
const LEAST_CHAIN = 3;

/**
 * Makes a large graph readable: nodes with the same neighbours become one box, and so does a chain without branches.
 * Repeated until nothing is left to join, so that parallel lanes become one box too. `opened` names boxes to leave open.
 */
export function collapse(ids: readonly string[], edges: readonly Edge[], opened: ReadonlySet<string>): Boxes {
  let current = uncollapsed(ids, edges);
  for (;;) {
    const joined = joinChains(joinSiblings(current, opened), opened);
    if (joined.boxes.length === current.boxes.length) return joined;
    current = joined;
  }
}

/** Each node as a box of its own. */
export function uncollapsed(ids: readonly string[], edges: readonly Edge[]): Boxes {
  return { boxes: ids.map((id) => ({ id, members: [id], shape: 'node' })), edges };
}

function joinSiblings(current: Boxes, opened: ReadonlySet<string>): Boxes {
  const { before, after } = neighbours(current.edges);
  const alike = new Map<string, Box[]>();
  for (const box of current.boxes) {
    const key = `${[...(before.get(box.id) ?? [])].sort().join()}>${[...(after.get(box.id) ?? [])].sort().join()}`;
    append(alike, key, box);
  }
  return join(
    current,
    [...alike.values()].filter((group) => group.length >= LEAST_SIBLINGS),
    'siblings',
    opened,
  );
}

function joinChains(current: Boxes, opened: ReadonlySet<string>): Boxes {
  const { before, after } = neighbours(current.edges);
  const byId = new Map(current.boxes.map((box) => [box.id, box]));
  const only = (map: Map<string, string[]>, id: string): string | undefined =>
    map.get(id)?.length === 1 ? map.get(id)?.[0] : undefined;
  const isInner = (id: string): boolean => only(before, id) !== undefined && only(after, id) !== undefined;
  const chains: Box[][] = [];
  for (const { id } of current.boxes) {
    const previous = only(before, id);
    if (!isInner(id) || (previous !== undefined && isInner(previous))) continue;
    const chain: Box[] = [];
    for (let step = byId.get(id); step && isInner(step.id); step = byId.get(only(after, step.id) ?? ''))
      chain.push(step);
    if (chain.length >= LEAST_CHAIN) chains.push(chain);
  }
  return join(current, chains, 'chain', opened);
}

function join(
  current: Boxes,
  groups: readonly (readonly Box[])[],
  shape: Box['shape'],
  opened: ReadonlySet<string>,
): Boxes {
  const into = new Map<string, Box>();
  for (const group of groups) {
    const members = group.flatMap((box) => box.members);
    const box: Box = { id: `${shape}:${members[0] ?? ''}+${members.length - 1}`, members, shape };
    if (!opened.has(box.id)) for (const { id } of group) into.set(id, box);
  }
  if (into.size === 0) return current;
  const boxes = [...new Set(current.boxes.map((box) => into.get(box.id) ?? box))];
  return { boxes, edges: joinedEdges(current.edges, (id) => into.get(id)?.id ?? id) };
}

function joinedEdges(edges: readonly Edge[], boxOf: (id: string) => string): Edge[] {
  const seen = new Set<string>();
  return edges.flatMap((edge) => {
    const [from, to] = [boxOf(edge.from), boxOf(edge.to)];
    const key = `${from}>${to}`;
    if (from === to || seen.has(key)) return [];
    seen.add(key);
    return [{ from, to }];
  });
}

function neighbours(edges: readonly Edge[]): { before: Map<string, string[]>; after: Map<string, string[]> } {
  const before = new Map<string, string[]>();
  const after = new Map<string, string[]>();
  for (const { from, to } of edges) {
    append(after, from, to);
    append(before, to, from);
  }
  return { before, after };
}

function append<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
