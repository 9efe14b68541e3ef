import type { Secret } from './secret.ts';

const LONGEST_LINE = 200;
/** Only of long secrets is the head shown, so that people can tell which one it is. */
const SHOWN = 4;
const LONG = 16;

/** A line of code as findings show it: trimmed, every secret replaced, cut. `line` counts from 1. */
export function maskLine(lines: readonly string[], line: number, secrets: readonly Secret[]): string {
  let text = lines[line - 1] ?? '';
  for (const { value } of secrets) {
    for (const part of value.split('\n').filter((piece) => piece.trim().length > 3))
      text = text.replaceAll(part, maskValue(part));
  }
  const trimmed = text.trim();
  return trimmed.length > LONGEST_LINE ? `${trimmed.slice(0, LONGEST_LINE)}…` : trimmed;
}

function maskValue(value: string): string {
  return `${value.length >= LONG ? value.slice(0, SHOWN) : ''}****`;
}
