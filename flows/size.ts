import type { Problem } from '../contracts/errors.ts';
import { LIMITS, type DefinitionLimits } from './limits.ts';
import { dottedPath } from './problems.ts';

/**
 * Whether a definition is too large to be looked at in detail. Comes before everything that recurses or takes time
 * for each node, and itself neither recurses nor copies.
 */
export function sizeProblems(json: unknown, limits: DefinitionLimits): Problem[] {
  const deep = tooDeepPath(json, LIMITS.jsonDepth);
  if (deep !== null) return [{ path: deep, message: `Nested deeper than ${LIMITS.jsonDepth} levels` }];
  const { nodes, edges } = (typeof json === 'object' && json !== null ? json : {}) as {
    nodes?: unknown;
    edges?: unknown;
  };
  return [
    ...countProblems('nodes', nodes, limits.nodes),
    ...countProblems('edges', edges, limits.edges),
    ...countProblems('edges', dependsOnOf(nodes), limits.edges),
    ...byteProblems(json, limits.definitionBytes),
  ];
}

function countProblems(path: string, list: unknown, limit: number): Problem[] {
  if (!Array.isArray(list) || list.length <= limit) return [];
  return [{ path, message: `At most ${limit} ${path} are allowed, this has ${list.length}` }];
}

function dependsOnOf(nodes: unknown): unknown[] {
  if (!Array.isArray(nodes)) return [];
  return nodes.flatMap((node: unknown) => (node as { dependsOn?: unknown } | null)?.dependsOn ?? []);
}

function byteProblems(json: unknown, limit: number): Problem[] {
  const bytes = Buffer.byteLength(JSON.stringify(json) ?? '');
  return bytes <= limit ? [] : [{ path: '', message: `At most ${limit} bytes of JSON are allowed, this has ${bytes}` }];
}

/** The path of a value that lies deeper than `limit` levels, or null. */
export function tooDeepPath(json: unknown, limit: number): string | null {
  const open: { value: unknown; path: readonly PropertyKey[] }[] = [{ value: json, path: [] }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, path } = next;
    if (typeof value !== 'object' || value === null) continue;
    if (path.length >= limit) return dottedPath(path);
    for (const [key, child] of Object.entries(value)) {
      if (typeof child === 'object')
        open.push({ value: child, path: [...path, Array.isArray(value) ? Number(key) : key] });
    }
  }
  return null;
}
