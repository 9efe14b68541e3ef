import { RE2JS } from 're2js';

/** Longest pattern that a user may write, in characters. */
export const LONGEST_PATTERN = 1_000;

/** Patterns kept compiled; compiling takes about as long as 20 short matches. */
const KEPT = 500;
const compiled = new Map<string, RE2JS>();

/**
 * A pattern of a user's in RE2 syntax, compiled. RE2 because its time is linear in the text, whatever the pattern
 * (`(a+)+$` holds JavaScript's own engine for minutes), and because CEL and AlertManager specify this dialect.
 * @throws Error whose message tells what is wrong with the pattern.
 */
export function compilePattern(source: string): RE2JS {
  const known = compiled.get(source);
  if (known !== undefined) return known;
  if (source.length > LONGEST_PATTERN)
    throw new Error(`a pattern has at most ${LONGEST_PATTERN} characters, this has ${source.length}`);
  const pattern = RE2JS.compile(source);
  if (compiled.size >= KEPT) compiled.delete(compiled.keys().next().value ?? '');
  compiled.set(source, pattern);
  return pattern;
}
