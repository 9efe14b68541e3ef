import { useEffect, useRef } from 'react';
import { StatusBadge } from '../../components/status.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { describeKind } from '../../graph/summary.ts';
import { setQuery, useQuery } from '../../router.tsx';
import type { AgentRun, Run } from '../../wire.ts';
import { NodeActions } from './node-actions.tsx';
import { NodeAttempts } from './node-attempts.tsx';
import { NodeInput, NodeOutput } from './node-data.tsx';
import { NodeFacts } from './node-facts.tsx';
import { NodeItems } from './node-items.tsx';
import { NodeLog } from './node-log.tsx';

interface Props {
  readonly run: Run;
  readonly row: AgentRun;
  readonly onChanged: () => void;
}

type PanelTab = 'summary' | 'items' | 'input' | 'output' | 'logs' | 'attempts';

/** Everything about one node, beside the view that it was chosen in. */
export function NodePanel({ run, row, onChanged }: Props) {
  const items = run.agentRuns.filter(({ nodeId, itemIndex }) => nodeId === row.nodeId && itemIndex !== null);
  const tabs = tabsOf(row, items.length);
  const wanted = useQuery().get('tab');
  const tab = tabs.find(({ id }) => id === wanted)?.id ?? 'summary';
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    // below the graph on a narrow screen: what was chosen must come into sight
    if (panel.current && panel.current.getBoundingClientRect().top > window.innerHeight)
      panel.current.scrollIntoView({ block: 'start' });
  }, []);
  return (
    <aside className="card node-panel" ref={panel} aria-label={`Node ${row.nodeId}`}>
      <div className="card-head">
        <div>
          <div className="row tight">
            <h2 className="wrap-anywhere">
              {row.nodeId}
              {row.itemIndex !== null && ` [${row.itemIndex}]`}
            </h2>
            <StatusBadge status={row.status} />
          </div>
          <p className="muted">{describeKind(undefined, row)}</p>
        </div>
        <button type="button" className="button" onClick={close}>
          Close
        </button>
      </div>
      <Tabs
        label="Parts of the node"
        tabs={tabs}
        selected={tab}
        onSelect={(id) => setQuery({ tab: id === 'summary' ? null : id, line: null })}
      >
        <div className="card-body stack">
          {tab === 'summary' && (
            <>
              <NodeActions run={run} row={row} onChanged={onChanged} />
              <NodeFacts run={run} row={row} />
            </>
          )}
          {tab === 'items' && <NodeItems items={items} />}
          {tab === 'input' && <NodeInput row={row} />}
          {tab === 'output' && <NodeOutput run={run} row={row} />}
          {tab === 'logs' && <NodeLog run={run} row={row} />}
          {tab === 'attempts' && <NodeAttempts row={row} />}
        </div>
      </Tabs>
    </aside>
  );
}

function close(): void {
  setQuery({ node: null, item: null, tab: null, line: null });
}

function tabsOf(row: AgentRun, items: number): { id: PanelTab; label: string }[] {
  return [
    { id: 'summary', label: 'Summary' },
    ...(items > 0 ? [{ id: 'items' as const, label: `Items (${items})` }] : []),
    { id: 'input', label: 'Input' },
    { id: 'output', label: 'Output' },
    ...(row.kind === 'agent' ? [{ id: 'logs' as const, label: 'Log' }] : []),
    { id: 'attempts', label: row.attempts.length > 1 ? `Attempts (${row.attempts.length})` : 'Attempts' },
  ];
}
