import { lazy, Suspense, useState } from 'react';
import { api, bodyOf } from '../../api-client.ts';
import { Await, Loading } from '../../components/loading.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { Time } from '../../components/time.tsx';
import { useResource } from '../../live/resource.ts';
import { setQuery, useQuery } from '../../router.tsx';
import { nextTimeOf, useTriggers } from '../../session/triggers.ts';
import type { PageParams } from '../../page-params.ts';
import type { Definition, Workflow } from '../../wire.ts';
import { DryRun } from './dry-run.tsx';
import { NodeDefinition } from './node-definition.tsx';
import { TriggerDialog } from './trigger-dialog.tsx';
import { TriggerList } from './trigger-list.tsx';
import { Versions } from './versions.tsx';
import { WorkflowActions } from './workflow-actions.tsx';
import { WorkflowRuns } from './workflow-runs.tsx';
import './workflow.css';

const WorkflowGraph = lazy(() => import('../../graph/workflow-graph.tsx'));
const DefinitionEditor = lazy(() => import('./definition-editor.tsx'));
const VIEWS = [
  { id: 'graph', label: 'Graph' },
  { id: 'runs', label: 'Runs' },
  { id: 'triggers', label: 'Triggers' },
  { id: 'test', label: 'Test' },
  { id: 'versions', label: 'Versions' },
  { id: 'definition', label: 'Definition' },
] as const;
type View = (typeof VIEWS)[number]['id'];

export default function WorkflowPage({ params: { workflow: name = '' } }: { readonly params: PageParams }) {
  const workflow = useResource(
    `workflow/${name}`,
    (signal) => bodyOf(api.GET('/api/workflows/{id}', { params: { path: { id: name } }, signal })),
    { everyMs: 5_000 },
  );
  return (
    <Await of={workflow} what="the workflow">
      {(data) => <WorkflowView workflow={data} onChanged={() => void workflow.reload()} />}
    </Await>
  );
}

interface ViewProps {
  readonly workflow: Workflow;
  readonly onChanged: () => void;
}

function WorkflowView({ workflow, onChanged }: ViewProps) {
  const [triggering, setTriggering] = useState(false);
  const query = useQuery();
  const view = VIEWS.find(({ id }) => id === query.get('view'))?.id ?? 'graph';
  const { description } = workflow as unknown as Definition;
  const next = nextTimeOf(useTriggers(workflow.id).data ?? []);
  return (
    <>
      <PageHead
        title={workflow.name}
        crumbs={[{ text: 'Workflows', to: '/workflows' }]}
        beside={
          <>
            {workflow.status !== 'ACTIVE' && <span className="tag">{workflow.status.toLowerCase()}</span>}
            {workflow.pausedAt !== null && <span className="tag">paused</span>}
          </>
        }
        actions={<WorkflowActions workflow={workflow} onTrigger={() => setTriggering(true)} onChanged={onChanged} />}
      >
        {description !== undefined && <p>{description}</p>}
        <p className="small">
          Version {workflow.version}, changed <Time at={workflow.updatedAt} />
          {next !== undefined && (
            <>
              , next run by schedule <Time at={next} />
            </>
          )}
        </p>
      </PageHead>
      <section className="card workflow-view" aria-label="The workflow">
        <Tabs
          label="Views of the workflow"
          tabs={VIEWS}
          selected={view}
          onSelect={(id) => setQuery({ view: id === 'graph' ? null : id })}
        >
          <WorkflowViewBody view={view} workflow={workflow} onChanged={onChanged} />
        </Tabs>
      </section>
      {triggering && <TriggerDialog workflow={workflow} onClose={() => setTriggering(false)} />}
    </>
  );
}

function WorkflowViewBody({ view, workflow, onChanged }: ViewProps & { readonly view: View }) {
  switch (view) {
    case 'graph':
      return <DefinitionGraph workflow={workflow} />;
    case 'runs':
      return <WorkflowRuns workflow={workflow} />;
    case 'triggers':
      return <TriggerList workflow={workflow} />;
    case 'test':
      return <DryRun workflow={workflow} />;
    case 'versions':
      return <Versions workflow={workflow} onChanged={onChanged} />;
    case 'definition':
      return (
        <Suspense fallback={<Loading what="the editor" since={null} />}>
          <DefinitionEditor key={workflow.version} workflow={workflow} onSaved={onChanged} />
        </Suspense>
      );
  }
}

function DefinitionGraph({ workflow }: { readonly workflow: Workflow }) {
  const { nodes, edges } = workflow as unknown as Definition;
  const selected = useQuery().get('node');
  const node = nodes.find(({ id }) => id === selected);
  return (
    <div className="definition-columns" data-panel={node ? '' : undefined}>
      <Suspense fallback={<Loading what="the graph" since={null} />}>
        <WorkflowGraph
          nodes={nodes}
          edges={edges}
          selected={selected}
          onSelect={(id) => setQuery({ node: id }, { replace: false })}
        />
      </Suspense>
      {node && <NodeDefinition node={node} />}
    </div>
  );
}
