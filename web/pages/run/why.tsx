import { addressOf } from '../../addresses.ts';
import { api, bodyOf } from '../../api-client.ts';
import { Time } from '../../components/time.tsx';
import { useResource } from '../../live/resource.ts';
import { addressWith, Link } from '../../router.tsx';
import type { AgentRun, BlockingReason, Run } from '../../wire.ts';

interface Props {
  readonly run: Run;
  readonly row: AgentRun;
}

/** Reasons that pass by themselves within moments are not worth a box. */
const ORDINARY: ReadonlySet<BlockingReason['reason']> = new Set(['running', 'settled']);

/** Why a node does not run, as the service knows it now. */
export function Why({ run, row }: Props) {
  const path = { id: run.workflowId, runId: run.id, agentRunId: row.id };
  const { data } = useResource(
    `why/${row.id}`,
    (signal) =>
      bodyOf(api.GET('/api/workflows/{id}/runs/{runId}/agent-runs/{agentRunId}/why', { params: { path }, signal })),
    { everyMs: 2_000 },
  );
  if (!data || ORDINARY.has(data.reason)) return null;
  return (
    <div className={data.reason === 'no_worker' ? 'notice red' : 'notice'} role="status">
      <p>
        <strong>{row.nodeId}:</strong> {data.message}
        {data.until !== undefined && (
          <>
            {' ('}
            <Time at={data.until} />)
          </>
        )}
      </p>
      <WhyLinks reason={data} />
    </div>
  );
}

function WhyLinks({ reason: { nodeId, runId, approvalId, reason } }: { readonly reason: BlockingReason }) {
  return (
    <p className="row">
      {nodeId !== undefined && <Link to={addressWith({ node: nodeId, item: null })}>See {nodeId}</Link>}
      {runId !== undefined && <Link to={`/runs/${runId}`}>See run {runId.slice(0, 8)}</Link>}
      {approvalId !== undefined && <Link to="/approvals">Decide</Link>}
      {(reason === 'no_worker' || reason === 'queue' || reason === 'limit') && (
        <Link to="/queues">See workers and queues</Link>
      )}
      {reason === 'sub_workflow' && runId === undefined && <Link to={addressOf.runs()}>See runs</Link>}
    </p>
  );
}
