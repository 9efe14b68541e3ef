import { AppError } from '../contracts/errors.ts';

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
}

/** A directed acyclic graph of node ids. Lists keep the order in which nodes and edges were given. */
export interface Graph {
  readonly ids: readonly string[];
  /** dependencies first; among equals the given order */
  readonly order: readonly string[];
  readonly dependencies: ReadonlyMap<string, readonly string[]>;
  readonly dependents: ReadonlyMap<string, readonly string[]>;
  /** nodes without dependencies */
  readonly sources: readonly string[];
  /** nodes without dependents */
  readonly sinks: readonly string[];
  /** All nodes with a path to `id`, without itself. */
  ancestors(id: string): ReadonlySet<string>;
  /** True when a path of one or more edges leads from `from` to `to`. Constant time after the first call. */
  hasPath(from: string, to: string): boolean;
}

/**
 * Builds the graph in time linear in nodes and edges, without recursion. Edges between unknown ids are an error of the
 * caller's; the same edge given twice counts once.
 * @throws AppError INVALID_DEFINITION on a cycle, with its path in the message.
 */
export function buildGraph(ids: readonly string[], edges: readonly GraphEdge[]): Graph {
  const dependencies = new Map<string, string[]>(ids.map((id) => [id, []]));
  const dependents = new Map<string, string[]>(ids.map((id) => [id, []]));
  for (const { from, to } of uniqueEdges(edges)) {
    neighbours(dependents, from).push(to);
    neighbours(dependencies, to).push(from);
  }
  const order = topologicalOrder(ids, dependencies, dependents);
  if (order.length < ids.length) throw circular(cyclePath(ids, dependencies, new Set(order)));
  const reach = lazyReachability(order, dependencies);
  return {
    ids,
    order,
    dependencies,
    dependents,
    sources: ids.filter((id) => neighbours(dependencies, id).length === 0),
    sinks: ids.filter((id) => neighbours(dependents, id).length === 0),
    ancestors: (id) => reach().ancestors(id),
    hasPath: (from, to) => reach().hasPath(from, to),
  };
}

/** The ids along one cycle, first and last the same (`A B C A`), or null in a graph without one. Self edges count. */
export function findCycle(ids: readonly string[], edges: readonly GraphEdge[]): readonly string[] | null {
  try {
    buildGraph(ids, edges);
    return null;
  } catch (error) {
    if (error instanceof CircularDependency) return error.path;
    throw error;
  }
}

class CircularDependency extends AppError {
  readonly path: readonly string[];

  constructor(path: readonly string[]) {
    const message = `Circular dependency detected: ${path.join(' -> ')}`;
    super('INVALID_DEFINITION', message, { problems: [{ path: 'edges', message }] });
    this.path = path;
  }
}

function circular(path: readonly string[]): CircularDependency {
  return new CircularDependency(path);
}

function* uniqueEdges(edges: readonly GraphEdge[]): Generator<GraphEdge> {
  const seen = new Map<string, Set<string>>();
  for (const edge of edges) {
    const targets = seen.get(edge.from) ?? new Set();
    if (targets.has(edge.to)) continue;
    seen.set(edge.from, targets.add(edge.to));
    yield edge;
  }
}

function neighbours(lists: ReadonlyMap<string, string[]>, id: string): string[] {
  const list = lists.get(id);
  if (list === undefined)
    throw new AppError('INVALID_DEFINITION', `Cannot resolve dependency ${id}: no node has this id`);
  return list;
}

/** Kahn's algorithm. Nodes on a cycle, or behind one, are missing from the result. */
function topologicalOrder(
  ids: readonly string[],
  dependencies: Map<string, string[]>,
  dependents: Map<string, string[]>,
): string[] {
  const open = new Map(ids.map((id) => [id, neighbours(dependencies, id).length]));
  const order = ids.filter((id) => open.get(id) === 0);
  // `order` grows while it is read: it is the queue and the result
  for (const id of order) {
    for (const next of neighbours(dependents, id)) {
      const left = (open.get(next) ?? 0) - 1;
      open.set(next, left);
      if (left === 0) order.push(next);
    }
  }
  return order;
}

/**
 * Every node that Kahn's algorithm left over has a dependency that was left over too, so walking back from any of them
 * must come to a node twice; what lies between the two visits, turned round, is a cycle. It starts at the node that
 * was given first, so that the message is the same for the same definition.
 */
function cyclePath(ids: readonly string[], dependencies: Map<string, string[]>, sorted: ReadonlySet<string>): string[] {
  const isLeft = (id: string) => !sorted.has(id);
  const visited = new Map<string, number>();
  const walk: string[] = [];
  let at = ids.find(isLeft);
  while (at !== undefined && !visited.has(at)) {
    visited.set(at, walk.length);
    walk.push(at);
    at = neighbours(dependencies, at).find(isLeft);
  }
  const cycle = walk.slice(at === undefined ? 0 : visited.get(at)).reverse();
  const inCycle = new Set(cycle);
  const start = cycle.indexOf(ids.find((id) => inCycle.has(id)) ?? '');
  const turned = [...cycle.slice(start), ...cycle.slice(0, start)];
  return [...turned, ...turned.slice(0, 1)];
}

interface Reachability {
  ancestors(id: string): ReadonlySet<string>;
  hasPath(from: string, to: string): boolean;
}

/** One bit for each pair of nodes (1,000 nodes: 125 kB), computed when first asked for. */
function lazyReachability(order: readonly string[], dependencies: Map<string, string[]>): () => Reachability {
  let computed: Reachability | undefined;
  return () => (computed ??= reachability(order, dependencies));
}

function reachability(order: readonly string[], dependencies: Map<string, string[]>): Reachability {
  const positions = new Map(order.map((id, position) => [id, position]));
  const words = Math.ceil(order.length / 32);
  const rows = new Map<string, Uint32Array>();
  for (const id of order) {
    const row = new Uint32Array(words);
    for (const dependency of neighbours(dependencies, id)) {
      rows.get(dependency)?.forEach((bits, word) => (row[word] = (row[word] ?? 0) | bits));
      setBit(row, positions.get(dependency) ?? 0);
    }
    rows.set(id, row);
  }
  return {
    ancestors(id) {
      const row = rows.get(id);
      return new Set(row === undefined ? [] : order.filter((_, position) => hasBit(row, position)));
    },
    hasPath(from, to) {
      const row = rows.get(to);
      const position = positions.get(from);
      return row !== undefined && position !== undefined && hasBit(row, position);
    },
  };
}

function setBit(row: Uint32Array, position: number): void {
  row[position >> 5] = (row[position >> 5] ?? 0) | (1 << (position & 31));
}

function hasBit(row: Uint32Array, position: number): boolean {
  return ((row[position >> 5] ?? 0) & (1 << (position & 31))) !== 0;
}
