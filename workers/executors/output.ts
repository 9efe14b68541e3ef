import type { Json } from '../../contracts/json.ts';
import { LIMITS } from '../../flows/limits.ts';
import { tooDeepPath } from '../../flows/size.ts';

/** What stdout held: the one line of JSON, or what was wrong with it (a clause that follows "The agent"). */
export type ParsedOutput =
  | { readonly ok: true; readonly output: Json }
  | { readonly ok: false; readonly code: 'AGENT_NO_OUTPUT' | 'AGENT_INVALID_OUTPUT'; readonly problem: string };

const HEAD_LENGTH = 300;

/** Reads exactly one line of JSON; blank lines around it are forgiven, anything else is not. */
export function parseOutput(stdout: string): ParsedOutput {
  const lines = stdout.split(/\r?\n/).filter((line) => line.trim() !== '');
  const [first, ...others] = lines;
  if (first === undefined) {
    return {
      ok: false,
      code: 'AGENT_NO_OUTPUT',
      problem: 'printed nothing on stdout; the result goes there as one line of JSON',
    };
  }
  if (others.length === 0) return parseLine(first);
  return {
    ok: false,
    code: 'AGENT_INVALID_OUTPUT',
    problem: `${severalLines(stdout, lines)}; it began with: ${head(stdout)}`,
  };
}

/** The beginning of what was printed, on one line, for messages. */
export function head(text: string): string {
  const line = text.trim().replaceAll(/\s*\n\s*/g, ' ⏎ ');
  return line.length > HEAD_LENGTH ? `${line.slice(0, HEAD_LENGTH)}…` : line;
}

function parseLine(line: string): ParsedOutput {
  const output = parseJson(line);
  if (output !== undefined && tooDeepPath(output, LIMITS.jsonDepth) !== null) {
    const problem = `printed JSON that is nested deeper than ${LIMITS.jsonDepth} levels`;
    return { ok: false, code: 'AGENT_INVALID_OUTPUT', problem };
  }
  if (output !== undefined) return { ok: true, output };
  const noise = surroundsJson(line)
    ? 'has text around the JSON on its line of stdout'
    : 'printed what is no JSON on stdout';
  return {
    ok: false,
    code: 'AGENT_INVALID_OUTPUT',
    problem: `${noise} (logs go to stderr); it began with: ${head(line)}`,
  };
}

function severalLines(stdout: string, lines: readonly string[]): string {
  if (parseJson(stdout) !== undefined) return `printed its JSON over ${lines.length} lines instead of one`;
  const json = lines.flatMap((line, index) => (isContainer(parseJson(line)) ? [index + 1] : []));
  const printed = `printed ${lines.length} lines on stdout instead of one`;
  if (json.length === 0) return `${printed}, none of them JSON (logs go to stderr)`;
  if (json.length === 1) return `${printed}: line ${json[0]} is the JSON, the rest is noise that belongs on stderr`;
  return `${printed}: ${json.length} of them are JSON, and one result is expected`;
}

function surroundsJson(line: string): boolean {
  const start = line.search(/[{[]/);
  const end = Math.max(line.lastIndexOf('}'), line.lastIndexOf(']'));
  return start >= 0 && end > start && parseJson(line.slice(start, end + 1)) !== undefined;
}

function isContainer(value: Json | undefined): boolean {
  return typeof value === 'object' && value !== null;
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
