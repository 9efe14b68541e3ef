import type { Problem } from '../contracts/errors.ts';
import { findCycle } from './graph.ts';

interface Link {
  readonly from: string;
  readonly to: string;
  readonly path: string;
}

/**
 * The problems of a definition's graph: duplicate ids, unknown nodes, self edges, cycles. Reads raw JSON and skips
 * what has no shape, so that these problems are told together with the problems of shape.
 */
export function structureProblems(json: unknown): Problem[] {
  const { nodes, edges } = asRecord(json);
  const named = listOf(nodes).map((node, index) => ({ node: asRecord(node), path: `nodes[${index}]` }));
  const ids = named.map(({ node }) => node.id).filter((id) => typeof id === 'string');
  const links = [...edgeLinks(edges), ...named.flatMap(({ node, path }) => dependsOnLinks(node, path))];
  const known = new Set(ids);
  const sound = links.filter(({ from, to }) => from !== to && known.has(from) && known.has(to));
  return [
    ...duplicateProblems(named),
    ...links.flatMap((link) => linkProblems(link, known)),
    ...cycleProblems([...known], sound),
  ];
}

function duplicateProblems(named: readonly { node: Record<string, unknown>; path: string }[]): Problem[] {
  const first = new Map<unknown, string>();
  return named.flatMap(({ node, path }) => {
    const before = first.get(node.id);
    if (typeof node.id !== 'string') return [];
    if (before === undefined) first.set(node.id, path);
    return before === undefined
      ? []
      : [{ path: `${path}.id`, message: `Duplicate node id "${node.id}": ${before} has it already` }];
  });
}

function linkProblems({ from, to, path }: Link, known: ReadonlySet<string>): Problem[] {
  if (from === to && known.has(from)) return [{ path, message: `Node "${from}" cannot depend on itself` }];
  return [...new Set([from, to])]
    .filter((id) => !known.has(id))
    .map((id) => ({ path, message: `Cannot resolve dependency ${id}: no node has this id` }));
}

function cycleProblems(ids: readonly string[], links: readonly Link[]): Problem[] {
  const cycle = findCycle(ids, links);
  return cycle === null ? [] : [{ path: 'edges', message: `Circular dependency detected: ${cycle.join(' -> ')}` }];
}

function edgeLinks(edges: unknown): Link[] {
  return listOf(edges).flatMap((edge, index) => {
    const { from, to } = asRecord(edge);
    return typeof from === 'string' && typeof to === 'string' ? [{ from, to, path: `edges[${index}]` }] : [];
  });
}

function dependsOnLinks({ id, dependsOn }: Record<string, unknown>, path: string): Link[] {
  return listOf(dependsOn).flatMap((from, index) =>
    typeof id === 'string' && typeof from === 'string' ? [{ from, to: id, path: `${path}.dependsOn[${index}]` }] : [],
  );
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}
