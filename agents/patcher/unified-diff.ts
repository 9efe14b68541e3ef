import { diffLines, splitLines, type Step } from './diff-lines.ts';
import type { Edit } from './edit.ts';

const CONTEXT = 3;
const NO_NEWLINE = '\\ No newline at end of file\n';

/** The edit as a unified diff in git's form; empty when nothing changes. */
export function formatDiff({ file, before, after }: Edit): string {
  if (before === after) return '';
  const steps = diffLines(splitLines(before ?? ''), splitLines(after ?? ''));
  return [...header(file, before, after), ...toHunks(steps).map(formatHunk)].join('');
}

/** The edit that undoes an edit. */
export function reversed({ file, before, after }: Edit): Edit {
  return { file, before: after, after: before };
}

/** Lines added and removed on the way. */
export function countLines({ before, after }: Edit): { added: number; removed: number } {
  const steps = diffLines(splitLines(before ?? ''), splitLines(after ?? ''));
  return {
    added: steps.filter(({ kind }) => kind === 'add').length,
    removed: steps.filter(({ kind }) => kind === 'remove').length,
  };
}

function header(file: string, before: string | undefined, after: string | undefined): string[] {
  const [from, to] = [quote(`a/${file}`), quote(`b/${file}`)];
  return [
    `diff --git ${from} ${to}\n`,
    ...(before === undefined ? ['new file mode 100644\n'] : []),
    ...(after === undefined ? ['deleted file mode 100644\n'] : []),
    // git leaves these out for empty files, for there is no hunk to follow
    ...(before || after
      ? [`--- ${before === undefined ? '/dev/null' : from}\n`, `+++ ${after === undefined ? '/dev/null' : to}\n`]
      : []),
  ];
}

/** As git does: names with quotes, backslashes or control characters in C's notation. */
function quote(name: string): string {
  // eslint-disable-next-line no-control-regex -- those are the ones that need it
  if (!/["\\\u0000-\u001f\u007f]/.test(name)) return name;
  const escaped = name
    .replace(/["\\]/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replaceAll('\t', '\\t')
    .replaceAll('\r', '\\r');
  return `"${escaped}"`;
}

interface Hunk {
  readonly oldStart: number;
  readonly newStart: number;
  readonly steps: readonly Step[];
}

function toHunks(steps: readonly Step[]): Hunk[] {
  const hunks: Hunk[] = [];
  for (const [from, to] of changedRanges(steps)) {
    const before = steps.slice(0, from);
    hunks.push({
      oldStart: before.filter(({ kind }) => kind !== 'add').length + 1,
      newStart: before.filter(({ kind }) => kind !== 'remove').length + 1,
      steps: steps.slice(from, to),
    });
  }
  return hunks;
}

/** Each change with its context; those whose contexts touch become one. */
function changedRanges(steps: readonly Step[]): [number, number][] {
  const ranges: [number, number][] = [];
  for (const [at, { kind }] of steps.entries()) {
    if (kind === 'same') continue;
    const last = ranges.at(-1);
    const [from, to] = [Math.max(0, at - CONTEXT), Math.min(steps.length, at + CONTEXT + 1)];
    if (last !== undefined && from <= last[1]) last[1] = to;
    else ranges.push([from, to]);
  }
  return ranges;
}

function formatHunk({ oldStart, newStart, steps }: Hunk): string {
  const oldCount = steps.filter(({ kind }) => kind !== 'add').length;
  const newCount = steps.filter(({ kind }) => kind !== 'remove').length;
  // an empty side starts at the line before, by convention
  const range = (start: number, count: number) => `${String(count === 0 ? start - 1 : start)},${String(count)}`;
  return `@@ -${range(oldStart, oldCount)} +${range(newStart, newCount)} @@\n${steps.map(formatStep).join('')}`;
}

function formatStep({ kind, text }: Step): string {
  const line = { same: ' ', remove: '-', add: '+' }[kind] + text;
  return text.endsWith('\n') ? line : `${line}\n${NO_NEWLINE}`;
}
