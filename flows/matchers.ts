import { AppError } from '../contracts/errors.ts';
import { compilePattern } from './pattern.ts';

export type MatchOperator = '=' | '!=' | '=~' | '!~';

/** One condition on a label, or on an annotation where the name was written as `annotations.<name>`. */
export interface Matcher {
  readonly of: 'labels' | 'annotations';
  readonly name: string;
  readonly operator: MatchOperator;
  readonly value: string;
  /** A label that is missing counts as empty, as in AlertManager. */
  matches(value: string | undefined): boolean;
}

export interface Matchable {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** True when every matcher holds. No matchers match everything. */
export function matchesAll(matchers: readonly Matcher[], alert: Matchable): boolean {
  return matchers.every(({ of, name, matches }) =>
    matches(Object.hasOwn(alert[of], name) ? alert[of][name] : undefined),
  );
}

/**
 * Reads matchers in AlertManager's syntax: `severity="critical"`, `team=~"core|infra"`, several with commas between and
 * braces around them if you like. Patterns are RE2 and must match the whole value.
 * @throws AppError INVALID_INPUT with the column of what is wrong.
 */
export function parseMatchers(text: string): Matcher[] {
  return new MatcherReader(text).matchers();
}

const NAME = /(?:(labels|annotations)\.)?([a-zA-Z_:][a-zA-Z0-9_:]*)/y;
const OPERATOR = /=~|!=|!~|=/y;
const QUOTED = /"((?:\\[\s\S]|[^"\\])*)"/y;
const BARE = /[^\s,{}"'`\\=!~]+/y;
const SPACE = /\s*/y;

class MatcherReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  matchers(): Matcher[] {
    const isBraced = this.#accept('{');
    const end = isBraced ? '}' : '';
    const found: Matcher[] = [];
    do {
      if (found.length > 0 && this.#isAt(end)) break; // a comma after the last one
      if (isBraced && found.length === 0 && this.#isAt(end)) break;
      found.push(this.#matcher());
    } while (this.#accept(','));
    if (isBraced && !this.#accept('}')) throw this.#error('expected "," or "}"');
    if (!this.#isAt('')) throw this.#error('expected "," or the end');
    return found;
  }

  #matcher(): Matcher {
    const [of, name] = this.#name();
    const operator = this.#take(OPERATOR)?.[0] as MatchOperator | undefined;
    if (operator === undefined) throw this.#error('expected one of = != =~ !~');
    const at = this.#at;
    return { of, name, operator, ...this.#test(operator, this.#value(), at) };
  }

  #name(): [of: Matcher['of'], name: string] {
    const quoted = this.#take(QUOTED);
    if (quoted !== null) return ['labels', unescape(quoted[1] ?? '')];
    const match = this.#take(NAME);
    if (match === null) throw this.#error('expected the name of a label');
    return [match[1] === 'annotations' ? 'annotations' : 'labels', match[2] ?? ''];
  }

  #value(): string {
    const quoted = this.#take(QUOTED);
    if (quoted !== null) return unescape(quoted[1] ?? '');
    if (this.#isAt('"')) throw this.#error('the quote is not closed');
    return this.#take(BARE)?.[0] ?? '';
  }

  #test(operator: MatchOperator, value: string, at: number): Pick<Matcher, 'value' | 'matches'> {
    if (operator === '=') return { value, matches: (given = '') => given === value };
    if (operator === '!=') return { value, matches: (given = '') => given !== value };
    const wanted = operator === '=~';
    try {
      const pattern = compilePattern(value);
      return { value, matches: (given = '') => pattern.matches(given) === wanted };
    } catch (error) {
      this.#at = at;
      throw this.#error(error instanceof Error ? error.message : 'the pattern cannot be read', error);
    }
  }

  /** Reads the pattern at this place, after any space. */
  #take(pattern: RegExp): RegExpExecArray | null {
    this.#skipSpace();
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match !== null) this.#at = pattern.lastIndex;
    return match;
  }

  #skipSpace(): void {
    SPACE.lastIndex = this.#at;
    SPACE.exec(this.#text);
    this.#at = SPACE.lastIndex;
  }

  /** Whether this character comes next; the empty one means the end. */
  #isAt(character: string): boolean {
    this.#skipSpace();
    return character === '' ? this.#at >= this.#text.length : this.#text[this.#at] === character;
  }

  #accept(character: string): boolean {
    const isThere = this.#isAt(character);
    if (isThere) this.#at += 1;
    return isThere;
  }

  #error(what: string, cause?: unknown): AppError {
    return new AppError(
      'INVALID_INPUT',
      `Invalid matcher ${JSON.stringify(this.#text)} at column ${this.#at + 1}: ${what}`,
      { cause },
    );
  }
}

/** AlertManager knows `\"`, `\\` and `\n`; any other backslash stands for itself. */
function unescape(text: string): string {
  return text.replace(/\\(["\\n])/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
}
