import { Unretryable } from '../../kit/index.ts';
import type { ConfigEdit } from './config-edit.ts';

/**
 * Changes one value of a TOML text: a key of a table, by lines, so that all else stays. Values that span lines and
 * arrays of tables are refused.
 */
export function editToml(text: string, edit: ConfigEdit): string {
  const lines = text.split('\n');
  const table = edit.path.slice(0, -1).map(String);
  const key = String(edit.path.at(-1));
  const [from, to] = findTable(lines, table);
  const at = lines.findIndex((line, index) => index >= from && index < to && keyOf(line) === key);
  if ('remove' in edit) {
    if (at < 0) throw new Unretryable(`There is nothing at ${edit.path.join('.')}`);
    return lines.toSpliced(at, 1).join('\n');
  }
  const value = tomlValue(edit.value);
  if (at < 0) return lines.toSpliced(endOfTable(lines, from, to), 0, `${quoteKey(key)} = ${value}`).join('\n');
  return lines.with(at, replaceValue(lines[at] ?? '', value)).join('\n');
}

/** The lines of a table's keys: from the one after its header to the next header. */
function findTable(lines: readonly string[], table: readonly string[]): [number, number] {
  const header = lines.findIndex((line) => headerOf(line) === table.join('.'));
  if (header < 0 && table.length > 0) throw new Unretryable(`There is no table [${table.join('.')}]`);
  const from = header + 1;
  const next = lines.findIndex((line, index) => index >= from && /^\s*\[/.test(line));
  return [from, next < 0 ? lines.length : next];
}

function headerOf(line: string): string | undefined {
  return /^\s*\[\s*([^[\]]+?)\s*\]\s*(#.*)?$/.exec(line)?.[1]?.replaceAll(/["'\s]/g, '');
}

function keyOf(line: string): string | undefined {
  return /^\s*("[^"]*"|'[^']*'|[\w-]+)\s*=/.exec(line)?.[1]?.replaceAll(/^["']|["']$/g, '');
}

/** Keeps what comes before the value and a comment after it. */
function replaceValue(line: string, value: string): string {
  const match =
    /^(\s*(?:"[^"]*"|'[^']*'|[\w-]+)\s*=\s*)("(?:[^"\\]|\\.)*"|'[^']*'|\[[^\]]*\]|\{[^}]*\}|[^#\s]+)(\s*(?:#.*)?\r?)$/.exec(
      line,
    );
  if (match === null || /^("""|''')/.test(match[2] ?? ''))
    throw new Unretryable('A value over several lines cannot be edited in TOML');
  return `${match[1] ?? ''}${value}${match[3] ?? ''}`;
}

function endOfTable(lines: readonly string[], from: number, to: number): number {
  let end = to;
  while (end > from && lines[end - 1]?.trim() === '') end--;
  return end;
}

function quoteKey(key: string): string {
  return /^[\w-]+$/.test(key) ? key : JSON.stringify(key);
}

function tomlValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(tomlValue).join(', ')}]`;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return JSON.stringify(value);
  throw new Unretryable('TOML values can be strings, numbers, booleans and lists of them here');
}
