import { isMap, isPair, isScalar, isSeq, parseDocument, type Node, type Pair } from 'yaml';

type Key = string | number;

/** Where a cursor stands in a JSON or YAML text, half typed as that may be. */
export interface Cursor {
  /** The keys that lead to the field whose name is typed, or to the value. */
  readonly path: readonly Key[];
  readonly kind: 'key' | 'value';
  /** The whole text as a value, with MARKER at the cursor. */
  readonly value: unknown;
  /** Where the word begins that is being typed, its quote included. */
  readonly from: number;
  /** Where it ends, the closing quote included. */
  readonly to: number;
  readonly quoted: boolean;
}

export const MARKER = 'the-cursor-is-here';

/** Undefined where the text around the cursor makes no sense of it, as inside a comment. */
export function findCursor(text: string, position: number): Cursor | undefined {
  const typed = /"?[\w.@/-]*$/.exec(text.slice(0, position))?.[0] ?? '';
  const from = position - typed.length;
  const rest = /^[\w.@/-]*"?/.exec(text.slice(position))?.[0] ?? '';
  const to = position + (typed.startsWith('"') ? rest.length : rest.replace('"', '').length);
  for (const stand of [`"${MARKER}"`, `${MARKER}:`, ` "${MARKER}": null`]) {
    const document = parseDocument(text.slice(0, from) + stand + text.slice(to), { prettyErrors: false });
    const place = document.contents && search(document.contents, []);
    if (!place || (place.kind === 'value' && stand.endsWith(':'))) continue;
    return { ...place, value: document.toJS({ maxAliasCount: 0 }), from, to, quoted: typed.startsWith('"') };
  }
  return undefined;
}

type Place = Pick<Cursor, 'path' | 'kind'>;

function search(node: Node, path: readonly Key[]): Place | undefined {
  if (isScalar(node)) return node.value === MARKER ? { path, kind: 'value' } : undefined;
  if (isMap<Node, Node | null>(node)) return first(node.items, (pair) => searchPair(pair, path));
  if (isSeq(node)) return first(node.items, (item, index) => searchItem(item as Node, [...path, index], path));
  return undefined;
}

/** In a flow list `[ { "a": 1, | } ]` a lone word may come as an item, in a map as a key without a value. */
function searchItem(item: Node | Pair, path: readonly Key[], outer: readonly Key[]): Place | undefined {
  return isPair<Node, Node | null>(item) ? searchPair(item, outer) : search(item as Node, path);
}

function searchPair({ key, value }: Pair<Node, Node | null>, path: readonly Key[]): Place | undefined {
  const name = isScalar(key) ? String(key.value) : '';
  if (name === MARKER) return { path: [...path, name], kind: 'key' };
  return value ? search(value, [...path, name]) : undefined;
}

function first<T>(items: readonly T[], find: (item: T, index: number) => Place | undefined): Place | undefined {
  for (const [index, item] of items.entries()) {
    const found = find(item, index);
    if (found) return found;
  }
  return undefined;
}
