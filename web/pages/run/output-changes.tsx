import { addressOf } from '../../addresses.ts';
import { api, bodyOf } from '../../api-client.ts';
import { Changes } from '../../components/changes.tsx';
import { Await } from '../../components/loading.tsx';
import { Time } from '../../components/time.tsx';
import { useResource } from '../../live/resource.ts';
import { Link } from '../../router.tsx';
import type { AgentRun, Run, RunSummary } from '../../wire.ts';
import { diffJson } from './json-diff.ts';

interface Props {
  readonly run: Run;
  readonly row: AgentRun;
}

interface Before {
  readonly run: RunSummary;
  readonly output: unknown;
}

/** What the node gave otherwise than in the last run that succeeded before this one. */
export function OutputChanges({ run, row }: Props) {
  const before = useResource(`output-before/${run.id}/${row.id}`, (signal) => findBefore({ run, row }, signal));
  return (
    <details>
      <summary>Differences to the last run</summary>
      <Await of={before} what="the last run">
        {(found) =>
          found === null ? (
            <p className="muted">No run before this one succeeded with this node.</p>
          ) : (
            <div className="stack tight">
              <p className="small muted">
                Compared with{' '}
                <Link to={addressOf.node(run.workflowName, found.run.id, row.nodeId, row.itemIndex)} className="mono">
                  {found.run.id.slice(0, 8)}
                </Link>
                , <Time at={found.run.createdAt} />
              </p>
              <Changes changes={diffJson(found.output, row.output)} none="The same output." />
            </div>
          )
        }
      </Await>
    </details>
  );
}

async function findBefore({ run, row }: Props, signal: AbortSignal): Promise<Before | null> {
  const id = run.workflowId;
  const query = { status: 'SUCCESS', to: run.createdAt, limit: 1 };
  const [last] = await bodyOf(api.GET('/api/workflows/{id}/runs', { params: { path: { id }, query }, signal }));
  if (!last) return null;
  const path = { id, runId: last.id };
  const rows = await bodyOf(api.GET('/api/workflows/{id}/runs/{runId}/agent-runs', { params: { path }, signal }));
  const same = rows.find(({ nodeId, itemIndex }) => nodeId === row.nodeId && itemIndex === row.itemIndex);
  return same?.status === 'SUCCESS' ? { run: last, output: same.output } : null;
}
