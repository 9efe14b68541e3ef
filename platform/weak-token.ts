/** 16 characters of 16 kinds are 64 bits: not to be guessed at a hundred tries a second for as long as a token lives. */
const FEWEST_CHARACTERS = 16;
/** `aaaaaaaaaaaaaaaa` is long, too. */
const FEWEST_DIFFERENT = 8;
/** What stands in examples and gets copied. */
const PLACEHOLDER = /^(?:change-?me|secret|token|password|example|test|a-long-random-text)/i;

/** Why a token of AUTH_TOKENS is too easy to guess, or null. Those that we make have 256 bits. */
export function tokenWeakness(token: string): string | null {
  if (PLACEHOLDER.test(token)) return 'is the text of an example';
  if (token.length < FEWEST_CHARACTERS) return `has fewer than ${String(FEWEST_CHARACTERS)} characters`;
  if (new Set(token).size < FEWEST_DIFFERENT) return `has fewer than ${String(FEWEST_DIFFERENT)} different characters`;
  return null;
}
