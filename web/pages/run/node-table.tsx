import { useState } from 'react';
import { STATUS_LABELS, StatusBadge } from '../../components/status.tsx';
import { Duration } from '../../components/time.tsx';
import { VirtualList } from '../../components/virtual-list.tsx';
import { describeKind } from '../../graph/summary.ts';
import { addressWith, Link, useQuery } from '../../router.tsx';
import type { AgentRun, Run } from '../../wire.ts';

/** Every node and item as a list: what the graph shows, for the keyboard, for screen readers and for a thousand nodes. */
export function NodeTable({ run }: { readonly run: Run }) {
  const [text, setText] = useState('');
  const [status, setStatus] = useState('');
  const selected = useQuery().get('node');
  const rows = run.agentRuns.filter((row) => (status === '' || row.status === status) && fits(row, text));
  const statuses = [...new Set(run.agentRuns.map((row) => row.status))];
  return (
    <div>
      <div className="card-body row">
        <input
          className="input node-filter"
          type="search"
          data-search=""
          aria-label="Filter nodes"
          placeholder="Part of a node, an agent or an error"
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
        <select
          className="input node-filter"
          aria-label="Status"
          value={status}
          onChange={({ target }) => setStatus(target.value)}
        >
          <option value="">Every status</option>
          {statuses.map((one) => (
            <option key={one} value={one}>
              {STATUS_LABELS[one]}
            </option>
          ))}
        </select>
        <span className="muted">
          {rows.length} of {run.agentRuns.length}
        </span>
      </div>
      {rows.length === 0 ? (
        <p className="card-body muted">No node fits the filter.</p>
      ) : (
        <VirtualList rows={rows} rowHeight={44} height="62vh" label="Nodes" rowKey={({ id }) => id}>
          {(row) => <NodeLine row={row} selected={row.nodeId === selected} />}
        </VirtualList>
      )}
    </div>
  );
}

function fits({ nodeId, agent, error }: AgentRun, text: string): boolean {
  const wanted = text.toLowerCase();
  return [nodeId, agent?.name ?? '', error?.message ?? ''].some((part) => part.toLowerCase().includes(wanted));
}

function NodeLine({ row, selected }: { readonly row: AgentRun; readonly selected: boolean }) {
  const { nodeId, itemIndex, status, error, attempt } = row;
  return (
    <Link
      to={addressWith({ node: nodeId, item: itemIndex === null ? null : String(itemIndex) })}
      className="node-line"
      data-row=""
      data-selected={selected ? '' : undefined}
    >
      <StatusBadge status={status} />
      <span className="node-line-name">
        <strong>
          {nodeId}
          {itemIndex !== null && ` [${itemIndex}]`}
        </strong>{' '}
        <span className="muted">{error ? error.message : describeKind(undefined, row)}</span>
      </span>
      <span className="muted nowrap">
        {attempt > 1 && `attempt ${attempt}, `}
        {row.startedAt !== null && <Duration from={row.startedAt} to={row.finishedAt} />}
      </span>
    </Link>
  );
}
