import { addressOf } from '../../addresses.ts';
import { api, bodyOf } from '../../api-client.ts';
import { Empty } from '../../components/empty.tsx';
import { Await } from '../../components/loading.tsx';
import { RunTable } from '../../components/run-table.tsx';
import { useResource } from '../../live/resource.ts';
import { Link } from '../../router.tsx';
import type { Workflow } from '../../wire.ts';

const SHOWN = 30;

export function WorkflowRuns({ workflow: { id, name } }: { readonly workflow: Workflow }) {
  const runs = useResource(
    `workflow-runs/${id}`,
    (signal) =>
      bodyOf(api.GET('/api/workflows/{id}/runs', { params: { path: { id }, query: { limit: SHOWN } }, signal })),
    { everyMs: 2_000 },
  );
  return (
    <Await of={runs} what="the runs">
      {(rows) =>
        rows.length === 0 ? (
          <Empty title="It has not run yet">
            <p>“Run…” above starts it. Its runs, their graphs and logs appear here.</p>
          </Empty>
        ) : (
          <>
            <RunTable runs={rows} label={`Runs of ${name}`} withWorkflow={false} />
            <p className="card-body">
              <Link to={addressOf.runs({ workflow: name })}>All its runs, with search</Link>
            </p>
          </>
        )
      }
    </Await>
  );
}
