import { Unretryable } from '../../kit/index.ts';
import type { ConfigEdit, Key } from './config-edit.ts';

/** A value in a JSON text, by the offsets of its first and after its last character. */
interface JsonNode {
  readonly start: number;
  readonly end: number;
  /** Members of an object or array with where each begins (its key, or itself). */
  readonly members: readonly { readonly key: Key; readonly start: number; readonly node: JsonNode }[];
  readonly kind: 'object' | 'array' | 'scalar';
}

/** Changes one value of a JSON text (comments and trailing commas allowed); every other character stays. */
export function editJson(text: string, edit: ConfigEdit): string {
  const root = new JsonReader(text).read();
  const parent = edit.path
    .slice(0, -1)
    .reduce<JsonNode | undefined>((node, key) => node && memberOf(node, key)?.node, root);
  const key = edit.path.at(-1);
  if (parent === undefined || key === undefined || parent.kind === 'scalar')
    throw new Unretryable(`There is nothing at ${edit.path.slice(0, -1).join('.')}`);
  const member = memberOf(parent, key);
  if ('remove' in edit) return removeMember(text, parent, member, edit.path);
  const value = JSON.stringify(edit.value, undefined, indentOf(text));
  if (member === undefined) return addMember(text, parent, key, value);
  return text.slice(0, member.node.start) + indented(value, columnOf(text, member.start)) + text.slice(member.node.end);
}

function memberOf(node: JsonNode, key: Key): JsonNode['members'][number] | undefined {
  return node.members.find((member) => String(member.key) === String(key));
}

function removeMember(
  text: string,
  parent: JsonNode,
  member: JsonNode['members'][number] | undefined,
  path: readonly Key[],
): string {
  if (member === undefined) throw new Unretryable(`There is nothing at ${path.join('.')}`);
  const at = parent.members.indexOf(member);
  const next = parent.members[at + 1];
  if (next !== undefined) return text.slice(0, member.start) + text.slice(next.start);
  const previous = parent.members[at - 1];
  const from = previous === undefined ? parent.start + 1 : previous.node.end;
  return text.slice(0, from) + text.slice(member.node.end);
}

function addMember(text: string, parent: JsonNode, key: Key, value: string): string {
  if (parent.kind === 'array' && Number(key) !== parent.members.length)
    throw new Unretryable(
      `The list has ${String(parent.members.length)} entries: the next one is ${String(parent.members.length)}`,
    );
  const last = parent.members.at(-1);
  const prefix = parent.kind === 'array' ? '' : `${JSON.stringify(String(key))}: `;
  if (last === undefined) return `${text.slice(0, parent.start + 1)}${prefix}${value}${text.slice(parent.end - 1)}`;
  const column = columnOf(text, last.start);
  const sameLine = !text.slice(parent.start, last.start).includes('\n');
  const separator = sameLine ? ', ' : `,\n${' '.repeat(column)}`;
  return text.slice(0, last.node.end) + separator + prefix + indented(value, column) + text.slice(last.node.end);
}

/** The indentation that the text uses: that of its first indented line. */
function indentOf(text: string): string {
  return /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ';
}

function columnOf(text: string, offset: number): number {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  return /^\s*/.exec(line)?.[0].length ?? 0;
}

function indented(value: string, column: number): string {
  return value.replaceAll('\n', `\n${' '.repeat(column)}`);
}

/** Reads JSON with comments and trailing commas into nodes with offsets. */
class JsonReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): JsonNode {
    const node = this.#value();
    this.#skip();
    if (this.#at < this.#text.length) this.#fail();
    return node;
  }

  #value(): JsonNode {
    this.#skip();
    const start = this.#at;
    const first = this.#text[start];
    if (first === '{' || first === '[') return this.#container(start, first === '{' ? '}' : ']');
    this.#scalar();
    return { start, end: this.#at, members: [], kind: 'scalar' };
  }

  #container(start: number, close: '}' | ']'): JsonNode {
    const members: { key: Key; start: number; node: JsonNode }[] = [];
    this.#at++;
    while (this.#peek() !== close) {
      const memberStart = this.#at;
      const key = close === '}' ? this.#key() : members.length;
      members.push({ key, start: memberStart, node: this.#value() });
      const next = this.#peek();
      if (next === ',') this.#at++;
      else if (next !== close) this.#fail();
    }
    this.#at++;
    return { start, end: this.#at, members, kind: close === '}' ? 'object' : 'array' };
  }

  #key(): string {
    const start = this.#at;
    this.#scalar();
    const key = JSON.parse(this.#text.slice(start, this.#at)) as string;
    this.#skip();
    if (this.#text[this.#at++] !== ':') this.#fail();
    return key;
  }

  #scalar(): void {
    const scalar = /"(?:[^"\\\n]|\\.)*"|-?\d[\d.eE+-]*|true|false|null/y;
    scalar.lastIndex = this.#at;
    const match = scalar.exec(this.#text) ?? this.#fail();
    this.#at += match[0].length;
  }

  /** The next character that means something. */
  #peek(): string | undefined {
    this.#skip();
    return this.#text[this.#at];
  }

  /** White space, a BOM and comments. */
  #skip(): void {
    const blank = /(?:[\s\uFEFF]|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
    blank.lastIndex = this.#at;
    this.#at += blank.exec(this.#text)?.[0].length ?? 0;
  }

  #fail(): never {
    throw new Unretryable(
      `The file is no JSON: unexpected character at line ${String(this.#text.slice(0, this.#at).split('\n').length)}`,
    );
  }
}
