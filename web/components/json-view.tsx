import { useState } from 'react';
import { CodeBlock } from './code-block.tsx';

/** More than this is shown on demand: an agent may print 16 MiB. */
const MOST_CHARACTERS = 60_000;

/** A value as JSON, indented. */
export function JsonView({ value, label }: { readonly value: unknown; readonly label: string }) {
  const [whole, showWhole] = useState(false);
  if (value === null || value === undefined) return <p className="muted">Nothing: null.</p>;
  const text = JSON.stringify(value, null, 2);
  if (whole || text.length <= MOST_CHARACTERS) return <CodeBlock text={text} label={label} />;
  return (
    <div className="stack tight">
      <CodeBlock text={`${text.slice(0, MOST_CHARACTERS)}\n…`} label={label} />
      <div className="row">
        <span className="muted">
          The first {MOST_CHARACTERS.toLocaleString('en')} of {text.length.toLocaleString('en')} characters.
        </span>
        <button type="button" className="button" onClick={() => showWhole(true)}>
          Show all
        </button>
      </div>
    </div>
  );
}
