import { api, bodyOf } from '../../api-client.ts';
import { STATUS_LABELS } from '../../components/status.tsx';
import { Await } from '../../components/loading.tsx';
import { useResource } from '../../live/resource.ts';
import { setQuery, useQuery } from '../../router.tsx';
import { formatAbsolute } from '../../time/format.ts';
import type { Run } from '../../wire.ts';
import { Comparison } from './comparison.tsx';

const OFFERED = 50;

/** This run beside another one of its workflow: which nodes ended otherwise, took longer, got or gave something else. */
export function CompareRuns({ run }: { readonly run: Run }) {
  const others = useResource(`runs-of/${run.workflowId}`, (signal) =>
    bodyOf(
      api.GET('/api/workflows/{id}/runs', {
        params: { path: { id: run.workflowId }, query: { limit: OFFERED } },
        signal,
      }),
    ),
  );
  const query = useQuery();
  return (
    <div className="card-body stack">
      <Await of={others} what="the other runs">
        {(runs) => {
          const offered = runs.filter(({ id }) => id !== run.id);
          const chosen =
            query.get('with') ??
            run.retryOf ??
            offered.find(({ createdAt }) => createdAt < run.createdAt)?.id ??
            offered[0]?.id;
          if (chosen === undefined) return <p className="muted">The workflow has no other run yet to compare with.</p>;
          return (
            <>
              <label className="field compare-choice">
                <span className="label">Compare with</span>
                <select className="input" value={chosen} onChange={({ target }) => setQuery({ with: target.value })}>
                  {offered.map(({ id, status, createdAt }) => (
                    <option key={id} value={id}>
                      {id.slice(0, 8)}, {STATUS_LABELS[status]}, {formatAbsolute(Date.parse(createdAt), 'local')}
                    </option>
                  ))}
                </select>
              </label>
              <OtherRun run={run} other={chosen} />
            </>
          );
        }}
      </Await>
    </div>
  );
}

function OtherRun({ run, other }: { readonly run: Run; readonly other: string }) {
  const path = { id: run.workflowId, runId: other };
  const resource = useResource(`run/${run.workflowName}/${other}`, (signal) =>
    bodyOf(api.GET('/api/workflows/{id}/runs/{runId}', { params: { path }, signal })),
  );
  return (
    <Await of={resource} what="the other run">
      {(data) => <Comparison run={run} other={data} />}
    </Await>
  );
}
