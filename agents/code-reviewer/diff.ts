/** Path → the new or changed line numbers (from 1) in the new version. */
export type ChangedLines = ReadonlyMap<string, ReadonlySet<number>>;

/** Reads a unified diff without context, as `git diff --unified=0` prints it. */
export function parseDiff(diff: string): ChangedLines {
  const changed = new Map<string, Set<number>>();
  let current = new Set<number>();
  for (const line of diff.split('\n')) {
    if (line.startsWith('+++ ')) {
      current = new Set();
      const path = unquote(line.slice(4)).replace(/^b\//, '');
      if (path !== '/dev/null') changed.set(path, current);
    } else if (line.startsWith('@@ ')) {
      const [, start = '0', count = '1'] = /\+(\d+)(?:,(\d+))?/.exec(line) ?? [];
      for (let at = 0; at < Number(count); at++) current.add(Number(start) + at);
    }
  }
  return changed;
}

/** Git quotes names with quotes or control characters in them like C does, and ends names with spaces in a tab. */
function unquote(name: string): string {
  const plain = name.replace(/\t$/, '');
  return plain.startsWith('"')
    ? plain
        .slice(1, -1)
        .replace(/\\(["\\])/g, '$1')
        .replaceAll('\\t', '\t')
    : plain;
}
