import { LineCounter, parseDocument, type Document } from 'yaml';

/** A definition as it was typed: JSON, or YAML, of which JSON is a part. */
export interface TypedDefinition {
  readonly value: Readonly<Record<string, unknown>> | undefined;
  /** What keeps the text from being read, by line. */
  readonly faults: readonly { readonly line: number; readonly message: string }[];
  /** The line on which a path like `nodes[2].input.x` stands, or the nearest that encloses it. */
  lineOf(path: string): number;
}

export function readDefinition(text: string): TypedDefinition {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const faults = document.errors.map(({ pos, message }) => ({ line: lines.linePos(pos[0]).line, message }));
  const value: unknown = faults.length > 0 ? undefined : document.toJS();
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return {
    value: isObject ? (value as Record<string, unknown>) : undefined,
    faults:
      faults.length > 0 || isObject
        ? faults
        : [{ line: 1, message: 'A definition is an object: { "name": …, "nodes": [ … ] }' }],
    lineOf: (path) => lines.linePos(offsetOf(document, keysOf(path))).line,
  };
}

function offsetOf(document: Document.Parsed, keys: readonly (string | number)[]): number {
  for (let length = keys.length; length > 0; length--) {
    const found = document.getIn(keys.slice(0, length), true) as
      { range?: readonly [number, number, number] | null } | undefined;
    if (found?.range) return found.range[0];
  }
  return 0;
}

/** `nodes[2].input.x` as the keys that lead there. */
function keysOf(path: string): (string | number)[] {
  return [...path.matchAll(/\[(\d+)\]|[^.[\]]+/g)].map(([key, index]) => (index === undefined ? key : Number(index)));
}
