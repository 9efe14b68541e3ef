import { Environment } from '@marcbachmann/cel-js';

/** Source that CEL can parse, of the same length as the original, so that positions in both are the same. */
export interface MaskedSource {
  readonly text: string;
  /** The name as the user wrote it. */
  unmask(name: string): string;
}

const library = new Environment();
const TOKENS =
  /"""(?:\\[\s\S]|[^\\])*?"""|'''(?:\\[\s\S]|[^\\])*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|\/\/[^\n]*|\d[\d.]*(?:[eE][+-]?\d+)?|[A-Za-z_][\w-]*/g;

/**
 * Replaces node ids that CEL would read as something else: `scan-a` is a subtraction there, `int` a type. The longest
 * known id wins; strings, comments and calls (`int(x)`) stay as they are.
 */
export function maskNodeIds(source: string, nodeIds: ReadonlySet<string>): MaskedSource {
  const masks = new Map<string, string>();
  const originals = new Map<string, string>();

  const maskOf = (id: string): string => {
    const mask = masks.get(id) ?? unusedName(id.length, source, originals);
    masks.set(id, mask);
    originals.set(mask, id);
    return mask;
  };
  const text = source.replace(TOKENS, (token: string, offset: number) => {
    if (!/^[A-Za-z_]/.test(token)) return token;
    const isCall = /^\s*\(/.test(source.slice(offset + token.length, offset + token.length + 20));
    return splitRun(token, (id) => nodeIds.has(id) && needsMask(id))
      .map(({ part, isId }, index, parts) => (isId && !(isCall && index === parts.length - 1) ? maskOf(part) : part))
      .join('');
  });
  return { text, unmask: (name) => originals.get(name) ?? name };
}

function needsMask(id: string): boolean {
  return id.includes('-') || (id.length > 2 && (library.hasVariable(id) || id === 'cel' || id === 'google'));
}

/** Cuts `scan-a-b` at its hyphens into known ids, longest first, and what lies between them. */
function splitRun(run: string, isKnown: (id: string) => boolean): { part: string; isId: boolean }[] {
  const words = run.split('-');
  const parts: { part: string; isId: boolean }[] = [];
  for (let first = 0; first < words.length;) {
    if (first > 0) parts.push({ part: '-', isId: false });
    let last = words.length;
    while (last > first && !isKnown(words.slice(first, last).join('-'))) last -= 1;
    const end = Math.max(last, first + 1);
    parts.push({ part: words.slice(first, end).join('-'), isId: last > first });
    first = end;
  }
  return parts;
}

function unusedName(length: number, source: string, taken: ReadonlyMap<string, string>): string {
  for (let number = 0; ; number += 1) {
    const name = `_${number.toString(36)}`.padEnd(length, '_');
    if (!taken.has(name) && !source.includes(name)) return name;
  }
}
