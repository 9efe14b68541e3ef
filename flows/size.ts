import type { Problem } from '../contracts/errors.ts';
import { LIMITS, type DefinitionLimits } from './limits.ts';
import { dottedPath } from './problems.ts';

/**
 * Whether a definition is too large to be looked at in detail. Comes before everything that recurses or takes time
 * for each node, and itself neither recurses nor copies.
 */
export function sizeProblems(json: unknown, limits: DefinitionLimits): Problem[] {
  const storage = storageProblems(json);
  if (storage.length > 0) return storage;
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

/** Whether JSON of a user's can be stored: not too deep, and without characters that Postgres refuses. */
export function storageProblems(json: unknown, at: readonly PropertyKey[] = []): Problem[] {
  const deep = tooDeepPath(json, LIMITS.jsonDepth);
  if (deep !== null)
    return [{ path: dottedPath([...at, ...deep]), message: `Nested deeper than ${LIMITS.jsonDepth} levels` }];
  const unstorable = unstorablePath(json);
  if (unstorable === null) return [];
  return [
    {
      path: dottedPath([...at, ...unstorable]),
      message: 'Has a character that cannot be stored: NUL, or half of a surrogate pair',
    },
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
  const bytes = Buffer.byteLength(JSON.stringify(json));
  return bytes <= limit ? [] : [{ path: '', message: `At most ${limit} bytes of JSON are allowed, this has ${bytes}` }];
}

/** NUL and halves of surrogate pairs, which Postgres can store neither in text nor in jsonb. */
// eslint-disable-next-line no-control-regex -- it is what we look for
const UNSTORABLE = /\u0000|\p{Surrogate}/u;

/** The path of the first string, key or value, that Postgres could not store, or null. */
function unstorablePath(json: unknown): readonly PropertyKey[] | null {
  const open: { value: unknown; path: readonly PropertyKey[] }[] = [{ value: json, path: [] }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, path } = next;
    if (typeof value === 'string' && UNSTORABLE.test(value)) return path;
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, child] of Object.entries(value)) {
      if (UNSTORABLE.test(key)) return path;
      if (typeof child === 'string' ? UNSTORABLE.test(child) : typeof child === 'object') {
        open.push({ value: child, path: [...path, Array.isArray(value) ? Number(key) : key] });
      }
    }
  }
  return null;
}

/** The path of a value that lies deeper than `limit` levels, or null. */
export function tooDeepPath(json: unknown, limit: number): readonly PropertyKey[] | null {
  const open: { value: unknown; path: readonly PropertyKey[] }[] = [{ value: json, path: [] }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, path } = next;
    if (typeof value !== 'object' || value === null) continue;
    if (path.length >= limit) return path;
    for (const [key, child] of Object.entries(value)) {
      if (typeof child === 'object')
        open.push({ value: child, path: [...path, Array.isArray(value) ? Number(key) : key] });
    }
  }
  return null;
}
