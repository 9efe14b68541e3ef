import type { Change } from '../../components/changes.tsx';

/** More than these help nobody. */
const MOST_CHANGES = 200;

/** What changed from one value to another, path by path, at most 200 of it. */
export function diffJson(from: unknown, to: unknown): Change[] {
  const changes: Change[] = [];
  collect('', from, to, changes);
  return changes;
}

function collect(path: string, from: unknown, to: unknown, changes: Change[]): void {
  if (changes.length >= MOST_CHANGES || Object.is(from, to)) return;
  if (!isContainer(from) || !isContainer(to) || Array.isArray(from) !== Array.isArray(to)) {
    changes.push({ op: 'replace', path, from, to });
    return;
  }
  for (const key of new Set([...Object.keys(from), ...Object.keys(to)])) {
    const below = `${path}/${key}`;
    if (!(key in from)) changes.push({ op: 'add', path: below, to: to[key] });
    else if (!(key in to)) changes.push({ op: 'remove', path: below, from: from[key] });
    else collect(below, from[key], to[key], changes);
  }
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
