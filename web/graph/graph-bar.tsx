import { useId, useState } from 'react';

interface Props {
  readonly ids: readonly string[];
  readonly joined: boolean;
  readonly canJoin: boolean;
  /** How many joined boxes have been opened. */
  readonly opened: number;
  readonly onJoin: (join: boolean) => void;
  readonly onFind: (text: string) => void;
}

/** Above the graph: find a node by its name, and show similar nodes joined or apart. */
export function GraphBar({ ids, joined, canJoin, opened, onJoin, onFind }: Props) {
  const [text, setText] = useState('');
  const list = useId();
  return (
    <form
      className="graph-bar row"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        if (text !== '') onFind(text);
      }}
    >
      <input
        className="input graph-find"
        type="search"
        list={list}
        value={text}
        placeholder={`Find one of ${ids.length} ${ids.length === 1 ? 'node' : 'nodes'}`}
        aria-label="Find a node"
        data-search=""
        onChange={({ target }) => {
          setText(target.value);
          if (ids.includes(target.value)) onFind(target.value);
        }}
      />
      <datalist id={list}>
        {ids.slice(0, 1_000).map((id) => (
          <option key={id} value={id} />
        ))}
      </datalist>
      {canJoin && (
        <label className="row tight">
          <input type="checkbox" checked={joined} onChange={({ target }) => onJoin(target.checked)} />
          Join nodes that are alike
        </label>
      )}
      {opened > 0 && (
        <button type="button" className="button" onClick={() => onJoin(true)}>
          Join again
        </button>
      )}
    </form>
  );
}
