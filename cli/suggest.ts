/** The known name that is closest to a mistyped one, if one is close enough to be meant. */
export function suggest(given: string, known: readonly string[]): string | undefined {
  const most = Math.max(1, Math.floor(given.length / 3));
  const scored = known
    .map((name) => ({ name, distance: distance(given, name) }))
    .filter((entry) => entry.distance <= most || (given.length > 2 && entry.name.includes(given)));
  return scored.sort((a, b) => a.distance - b.distance)[0]?.name;
}

/** How many letters have to be added, removed or exchanged (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const replaced = (row[j] ?? 0) + (letter === b[j] ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
