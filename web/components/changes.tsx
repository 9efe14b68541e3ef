/** One difference, in the manner of JSON Patch, with the old value beside the new. */
export interface Change {
  readonly op: 'add' | 'remove' | 'replace';
  readonly path: string;
  readonly from?: unknown;
  readonly to?: unknown;
}

const WORDS = { add: 'added', remove: 'removed', replace: 'changed' } as const;
const MOST_CHARACTERS = 2_000;

/** Differences, one a line: what was there in red after a minus, what is there now in green after a plus. */
export function Changes({ changes, none }: { readonly changes: readonly Change[]; readonly none: string }) {
  if (changes.length === 0) return <p className="muted">{none}</p>;
  return (
    <ul className="stack tight">
      {changes.map(({ op, path, from, to }) => (
        <li key={path}>
          <code>{path === '' ? '(all of it)' : path}</code> <span className="muted">{WORDS[op]}</span>
          {op !== 'add' && <p className="mono change-remove wrap-anywhere">− {show(from)}</p>}
          {op !== 'remove' && <p className="mono change-add wrap-anywhere">+ {show(to)}</p>}
        </li>
      ))}
    </ul>
  );
}

function show(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
}
