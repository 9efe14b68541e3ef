import { useState } from 'react';
import { addressOf } from '../../addresses.ts';
import { api, bodyOf } from '../../api-client.ts';
import { CodeBlock } from '../../components/code-block.tsx';
import { Empty } from '../../components/empty.tsx';
import { Await } from '../../components/loading.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { VirtualList } from '../../components/virtual-list.tsx';
import { useResource } from '../../live/resource.ts';
import { Link, setQuery, useQuery } from '../../router.tsx';
import { nextTimeOf, useTriggers } from '../../session/triggers.ts';
import type { Workflow } from '../../wire.ts';
import { WorkflowLine } from './workflow-line.tsx';
import './workflows.css';

const MOST_LOADED = 500;

export default function WorkflowsPage() {
  const workflows = useResource(
    'workflows',
    (signal) => bodyOf(api.GET('/api/workflows', { params: { query: { limit: MOST_LOADED } }, signal })),
    { everyMs: 5_000 },
  );
  return (
    <>
      <PageHead
        title="Workflows"
        actions={
          <Link to="/new-workflow" className="button primary">
            New workflow
          </Link>
        }
      >
        <p>What can run, and how it went lately.</p>
      </PageHead>
      <section className="card" aria-label="Workflows">
        <Await of={workflows} what="the workflows">
          {(all) => (all.length === 0 ? <NoWorkflows /> : <WorkflowList workflows={all} />)}
        </Await>
      </section>
    </>
  );
}

function NoWorkflows() {
  return (
    <Empty title="There are no workflows yet">
      <p>
        A workflow says which agents run, in which order, with which input. The example of this repository is stored
        like this:
      </p>
      <CodeBlock
        label="Command that stores the example"
        text="npx commandcenter workflow apply -f examples/full-analysis.json"
      />
      <Link to="/new-workflow" className="inline-link">
        Or write one here
      </Link>
    </Empty>
  );
}

function WorkflowList({ workflows }: { readonly workflows: readonly Workflow[] }) {
  const wanted = useQuery().get('q') ?? '';
  const [text, setText] = useState(wanted);
  const { data: triggers = [] } = useTriggers();
  const shown = workflows.filter(({ name, description }) =>
    `${name} ${typeof description === 'string' ? description : ''}`.toLowerCase().includes(wanted.toLowerCase()),
  );
  return (
    <>
      <div className="card-body row">
        <input
          className="input workflow-filter"
          type="search"
          data-search=""
          aria-label="Filter workflows"
          placeholder="Part of the name or the description"
          value={text}
          onChange={({ target }) => {
            setText(target.value);
            setQuery({ q: target.value });
          }}
        />
        <span className="muted">
          {shown.length} of {workflows.length}
        </span>
      </div>
      {shown.length === 0 ? (
        <p className="card-body muted">
          No workflow has “{wanted}” in its name or description.{' '}
          <Link to={addressOf.runs({ q: wanted })}>Search the runs for it</Link>
        </p>
      ) : (
        <VirtualList rows={shown} rowHeight={76} height="calc(100vh - 220px)" label="Workflows" rowKey={({ id }) => id}>
          {(workflow) => (
            <WorkflowLine
              workflow={workflow}
              next={nextTimeOf(triggers.filter(({ workflowId }) => workflowId === workflow.id))}
            />
          )}
        </VirtualList>
      )}
    </>
  );
}
