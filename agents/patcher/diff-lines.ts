/** One step on the way from one list of lines to another. */
export interface Step {
  readonly kind: 'same' | 'remove' | 'add';
  readonly text: string;
}

/** Beyond this many changed lines a shortest way is not worth its time: everything is replaced. */
const MOST_EDITS = 2_000;

/** Splits a text into lines that keep their ends, so that joining them gives back every byte. */
export function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** A shortest way from `before` to `after` (Myers' algorithm), removals before additions. */
export function diffLines(before: readonly string[], after: readonly string[]): Step[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < Math.min(before.length, after.length) - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const same = (lines: readonly string[]) => lines.map((text): Step => ({ kind: 'same', text }));
  return [
    ...same(before.slice(0, head)),
    ...diffMiddle(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...same(before.slice(before.length - tail)),
  ];
}

function diffMiddle(before: readonly string[], after: readonly string[]): Step[] {
  const trail = searchForward(before, after);
  return trail === undefined ? replaceAll(before, after) : walkBack(before, after, trail);
}

function replaceAll(before: readonly string[], after: readonly string[]): Step[] {
  return [
    ...before.map((text): Step => ({ kind: 'remove', text })),
    ...after.map((text): Step => ({ kind: 'add', text })),
  ];
}

/** For each number of edits, how far each diagonal got; undefined when there are too many edits. */
function searchForward(before: readonly string[], after: readonly string[]): Map<number, number>[] | undefined {
  const trail: Map<number, number>[] = [];
  const furthest = new Map<number, number>([[1, 0]]);
  for (let edits = 0; edits <= Math.min(before.length + after.length, MOST_EDITS); edits++) {
    trail.push(new Map(furthest));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = startOf(furthest, diagonal, edits);
      while (x < before.length && x - diagonal < after.length && before[x] === after[x - diagonal]) x++;
      furthest.set(diagonal, x);
      if (x >= before.length && x - diagonal >= after.length) return trail;
    }
  }
  return undefined;
}

/** Comes from the neighbour that got further: down is an addition, right a removal. */
function startOf(furthest: ReadonlyMap<number, number>, diagonal: number, edits: number): number {
  const below = furthest.get(diagonal - 1) ?? -1;
  const above = furthest.get(diagonal + 1) ?? -1;
  return diagonal === -edits || (diagonal !== edits && below < above) ? above : below + 1;
}

function walkBack(before: readonly string[], after: readonly string[], trail: readonly Map<number, number>[]): Step[] {
  const steps: Step[] = [];
  let [x, y] = [before.length, after.length];
  for (let edits = trail.length - 1; edits >= 0; edits--) {
    const furthest = trail[edits] ?? new Map<number, number>();
    const diagonal = x - y;
    const isAddition =
      diagonal === -edits ||
      (diagonal !== edits && (furthest.get(diagonal - 1) ?? -1) < (furthest.get(diagonal + 1) ?? -1));
    const previous = isAddition ? diagonal + 1 : diagonal - 1;
    const startX = edits === 0 ? 0 : (furthest.get(previous) ?? 0);
    const startY = edits === 0 ? 0 : startX - previous;
    while (x > startX && y > startY) {
      x--;
      y--;
      steps.push({ kind: 'same', text: before[x] ?? '' });
    }
    if (edits > 0)
      steps.push(isAddition ? { kind: 'add', text: after[--y] ?? '' } : { kind: 'remove', text: before[--x] ?? '' });
  }
  return steps.reverse();
}
