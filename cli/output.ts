import { stripVTControlCharacters } from 'node:util';
import Table from 'cli-table3';
import picocolors from 'picocolors';

/** The part of a stream that we use. */
export interface Sink {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

export type Colours = ReturnType<typeof picocolors.createColors>;

/** Where a command's answer goes: data to stdout, what is said beside it to stderr. */
export interface Output {
  readonly colours: Colours;
  /** True when a person watches stdout: lines may be drawn again. */
  readonly isLive: boolean;
  readonly columns: number;
  readonly rows: number;
  line(text?: string): void;
  /** Said beside the answer: progress, hints, warnings. */
  note(text: string): void;
  json(value: unknown): void;
  table(heads: readonly string[], rows: readonly (readonly string[])[], widths?: readonly (number | null)[]): void;
  /** Text as it is: redrawn lines, completion scripts. */
  raw(text: string): void;
}

export interface OutputOptions {
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly env: NodeJS.ProcessEnv;
}

const PLAIN_COLUMNS = 160;
const NO_BORDERS = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '', bottom: '', 'bottom-mid': '', 'bottom-left': '' },
  ...{ 'bottom-right': '', left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: '  ' },
};

export function createOutput({ stdout, stderr, env }: OutputOptions): Output {
  const isTerminal = stdout.isTTY === true && env.TERM !== 'dumb';
  const colours = picocolors.createColors(usesColours(isTerminal, env));
  const line = (text = '') => void stdout.write(`${harmless(text)}\n`);
  return {
    colours,
    isLive: isTerminal && !env.CI,
    get columns() {
      return (isTerminal ? stdout.columns : undefined) ?? PLAIN_COLUMNS;
    },
    get rows() {
      return stdout.rows ?? 40;
    },
    line,
    note: (text) => void stderr.write(`${harmless(text)}\n`),
    json: (value) => line(escaped(JSON.stringify(value, null, 2))),
    table: (heads, rows, widths) => line(renderTable(heads.map(colours.bold), rows, widths)),
    raw: (text) => void stdout.write(text),
  };
}

/** NO_COLOR (no-color.org) counts when it is not empty; FORCE_COLOR is for pipes into a pager. */
function usesColours(isTerminal: boolean, { NO_COLOR, FORCE_COLOR }: NodeJS.ProcessEnv): boolean {
  if (NO_COLOR) return false;
  return FORCE_COLOR ? FORCE_COLOR !== '0' : isTerminal;
}

function renderTable(
  head: string[],
  rows: readonly (readonly string[])[],
  widths: readonly (number | null)[] = [],
): string {
  const table = new Table({
    head,
    chars: NO_BORDERS,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colWidths: [...widths],
  });
  table.push(...rows.map((row) => [...row]));
  return table.toString().replace(/[ \t]+$/gm, '');
}

/** What a terminal obeys or shows in another order than it stands: all but line ends, tabs, and the colours that we write. */
const OBEYED =
  // eslint-disable-next-line no-control-regex -- it is what we look for
  /\u001b\[(?:[0-79]|2[2-9]|3\d|4\d|9[0-7]|10[0-7])m|[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** The last door before a terminal: whatever a service or an agent wrote, it moves no cursor, sets no title, hides no text. */
function harmless(text: string): string {
  return text.replaceAll(OBEYED, (found) => (found.length > 1 ? found : escaped(found)));
}

/** As JSON writes them, which means the same to whoever reads it. */
function escaped(text: string): string {
  return text.replaceAll(OBEYED, (found) =>
    found.length > 1 ? found : `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** What came from a service or an agent, on one line and without characters that a terminal would obey. */
export function oneLine(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/\s+/gu, ' ')
    .replace(/\p{Cc}/gu, '')
    .trim();
}

/** Cut to a width, with a mark where it was cut. */
export function clip(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}
