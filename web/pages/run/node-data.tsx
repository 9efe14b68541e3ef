import { isTerminal } from '../../../contracts/statuses.ts';
import { JsonView } from '../../components/json-view.tsx';
import type { AgentRun, Run } from '../../wire.ts';
import { OutputChanges } from './output-changes.tsx';

export function NodeInput({ row }: { readonly row: AgentRun }) {
  if (row.startedAt === null && row.input === null)
    return <p className="muted">The input is made when the node starts, from what its dependencies gave.</p>;
  return (
    <>
      {row.item !== null && (
        <section className="stack tight">
          <h3>Item</h3>
          <JsonView value={row.item} label="Item" />
        </section>
      )}
      <section className="stack tight">
        <h3>Input, as the node got it</h3>
        <JsonView value={row.input} label="Input of the node" />
      </section>
    </>
  );
}

export function NodeOutput({ run, row }: { readonly run: Run; readonly row: AgentRun }) {
  if (!isTerminal(row.status)) return <p className="muted">There is none before the node has ended.</p>;
  if (row.status !== 'SUCCESS' && row.output === null)
    return <p className="muted">A node that did not succeed has no output. Its error stands under Summary.</p>;
  return (
    <>
      <JsonView value={row.output} label="Output of the node" />
      <OutputChanges run={run} row={row} />
    </>
  );
}
