import type { Issue } from '../schemas.ts';
import type { Source } from '../sources.ts';

/** Shorter repetitions are idiom, not copies. */
const FEWEST_LINES = 8;
const FEWEST_CHARACTERS = 240;
/** Lines that repeat everywhere: nothing but brackets, imports. */
const TRIVIAL =
  /^[\s{}()[\];,]*$|^(import|export \{|from|package|#include|\/\/|\/?\*|#)|^\}? ?(else|return|break|continue|end|pass);?$/;
const TEST = /(^|\/)(tests?|__tests__|specs?|fixtures?|migrations?)\/|\.(test|spec)\.\w+$/;

interface Line {
  readonly number: number;
  readonly text: string;
}

interface Place {
  readonly source: Source;
  readonly lines: readonly Line[];
  readonly at: number;
}

/** Passages of eight and more significant lines that stand in two places; reported where they stand the second time. */
export function checkDuplication(sources: readonly Source[]): Issue[] {
  const firstPlaces = new Map<string, Place>();
  return sources.filter(({ path }) => !TEST.test(path)).flatMap((source) => findCopies(source, firstPlaces));
}

function findCopies(source: Source, firstPlaces: Map<string, Place>): Issue[] {
  const lines = significantLines(source);
  const issues: Issue[] = [];
  for (let at = 0; at + FEWEST_LINES <= lines.length; at++) {
    const window = lines
      .slice(at, at + FEWEST_LINES)
      .map(({ text }) => text)
      .join('\n');
    const here: Place = { source, lines, at };
    const first = firstPlaces.get(window);
    if (first === undefined) {
      firstPlaces.set(window, here);
    } else if (window.length >= FEWEST_CHARACTERS && !overlaps(first, here)) {
      const length = commonLength(first, here);
      issues.push(toIssue(first, here, length));
      at += length - 1;
    }
  }
  return issues;
}

function significantLines({ lines }: Source): Line[] {
  return lines
    .map((line, index) => ({ number: index + 1, text: line.trim().replace(/\s+/g, ' ') }))
    .filter(({ text }) => !TRIVIAL.test(text));
}

function overlaps(first: Place, here: Place): boolean {
  return first.source === here.source && first.at + FEWEST_LINES > here.at;
}

function commonLength(first: Place, here: Place): number {
  let length = 0;
  while (
    here.lines[here.at + length] !== undefined &&
    first.lines[first.at + length]?.text === here.lines[here.at + length]?.text
  )
    length++;
  return length;
}

function toIssue(first: Place, here: Place, length: number): Issue {
  const original = `${first.source.path}:${String(first.lines[first.at]?.number ?? 1)}`;
  return {
    type: 'duplication',
    severity: length >= FEWEST_LINES * 3 ? 'warning' : 'info',
    file: here.source.path,
    line: here.lines[here.at]?.number ?? 1,
    description: `${String(length)} lines are a copy of ${original}`,
    suggestion: 'Make it one function that both use',
    rule: 'copied-lines',
  };
}
