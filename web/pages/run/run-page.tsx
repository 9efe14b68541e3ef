import { lazy, Suspense } from 'react';
import { Await, Loading } from '../../components/loading.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { useLiveRun, type LiveRun } from '../../live/use-live-run.ts';
import { setQuery, useQuery } from '../../router.tsx';
import type { PageParams } from '../../page-params.ts';
import type { Run } from '../../wire.ts';
import { CompareRuns } from './compare-runs.tsx';
import { NodePanel } from './node-panel.tsx';
import { NodeTable } from './node-table.tsx';
import { RunCallout } from './run-callout.tsx';
import { RunData } from './run-data.tsx';
import { RunEvents } from './run-events.tsx';
import { RunHead } from './run-head.tsx';
import { Timeline } from './timeline.tsx';
import { useRunDefinition } from './use-run-definition.ts';
import './run.css';

const WorkflowGraph = lazy(() => import('../../graph/workflow-graph.tsx'));
const VIEWS = [
  { id: 'graph', label: 'Graph' },
  { id: 'timeline', label: 'Timeline' },
  { id: 'nodes', label: 'Nodes' },
  { id: 'data', label: 'Input and output' },
  { id: 'events', label: 'Events' },
  { id: 'compare', label: 'Compare' },
] as const;
type View = (typeof VIEWS)[number]['id'];

export default function RunPage({ params: { workflow = '', run: runId = '' } }: { readonly params: PageParams }) {
  const live = useLiveRun(workflow, runId);
  return (
    <Await of={live.run} what="the run">
      {(run) => <RunView run={run} live={live} />}
    </Await>
  );
}

function RunView({ run, live }: { readonly run: Run; readonly live: LiveRun }) {
  const query = useQuery();
  const view = VIEWS.find(({ id }) => id === query.get('view'))?.id ?? 'graph';
  const selected = selectedRow(run, query);
  const reload = (): void => void live.run.reload();
  return (
    <>
      <RunHead run={run} stream={live.stream} onChanged={reload} />
      <div className="stack">
        <RunCallout run={run} onChanged={reload} />
        <div className="run-columns" data-panel={selected ? '' : undefined}>
          <section className="card run-view" aria-label="The run">
            <Tabs
              label="Views of the run"
              tabs={VIEWS}
              selected={view}
              onSelect={(id) => setQuery({ view: id === 'graph' ? null : id })}
            >
              <RunViewBody view={view} run={run} live={live} />
            </Tabs>
          </section>
          {selected && <NodePanel key={selected.id} run={run} row={selected} onChanged={reload} />}
        </div>
      </div>
    </>
  );
}

function RunViewBody({ view, run, live }: { readonly view: View; readonly run: Run; readonly live: LiveRun }) {
  switch (view) {
    case 'graph':
      return <RunGraph run={run} />;
    case 'timeline':
      return <Timeline run={run} />;
    case 'nodes':
      return <NodeTable run={run} />;
    case 'data':
      return <RunData run={run} />;
    case 'events':
      return <RunEvents events={live.events} stream={live.stream} />;
    case 'compare':
      return <CompareRuns run={run} />;
  }
}

function RunGraph({ run }: { readonly run: Run }) {
  const definition = useRunDefinition(run);
  return (
    <Suspense fallback={<Loading what="the graph" since={null} />}>
      <WorkflowGraph {...definition} rows={run.agentRuns} selected={useQuery().get('node')} onSelect={selectNode} />
    </Suspense>
  );
}

function selectNode(nodeId: string): void {
  setQuery({ node: nodeId, item: null, line: null }, { replace: false });
}

function selectedRow(run: Run, query: URLSearchParams): Run['agentRuns'][number] | undefined {
  const item = query.get('item');
  const itemIndex = item === null ? null : Number(item);
  return run.agentRuns.find((row) => row.nodeId === query.get('node') && row.itemIndex === itemIndex);
}
