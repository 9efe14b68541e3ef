import { addressOf } from '../../addresses.ts';
import { StatusBadge, StatusIcon } from '../../components/status.tsx';
import { Time } from '../../components/time.tsx';
import { Link } from '../../router.tsx';
import type { OpenNode } from '../../wire.ts';

const JOBS: Readonly<Record<OpenNode['job'], string>> = {
  live: 'in a queue',
  held: 'waits for nodes before it',
  missing: 'none',
};

export function OpenNodeTable({ nodes }: { readonly nodes: readonly OpenNode[] }) {
  return (
    <table className="table names" aria-label="Open nodes">
      <thead>
        <tr>
          <th scope="col">Node</th>
          <th scope="col">Postgres</th>
          <th scope="col">Job</th>
          <th scope="col">Worker</th>
          <th scope="col">Changed</th>
          <th scope="col">Verdict</th>
        </tr>
      </thead>
      <tbody>
        {nodes.map((node) => (
          <OpenNodeRow key={node.agentRunId} node={node} />
        ))}
      </tbody>
    </table>
  );
}

function OpenNodeRow({ node }: { readonly node: OpenNode }) {
  const { workflowName, workflowRunId, nodeId, itemIndex, database, job, worker } = node;
  return (
    <tr>
      <td>
        <Link to={addressOf.node(workflowName, workflowRunId, nodeId, itemIndex)} data-row="">
          {workflowName} · {nodeId}
          {itemIndex !== null && ` [${itemIndex}]`}
        </Link>
        <p className="muted small mono">{workflowRunId.slice(0, 8)}</p>
      </td>
      <td data-label="Postgres">
        <StatusBadge status={database.status} />
        <p className="muted small">{describe(database)}</p>
      </td>
      <td data-label="Job">{JOBS[job]}</td>
      <td data-label="Worker">
        {worker === null ? (
          <span className="muted">none</span>
        ) : (
          <>
            <span className="mono">{worker.id}</span>
            {!worker.alive && <p className="small">not heard of</p>}
          </>
        )}
      </td>
      <td data-label="Changed">
        <Time at={database.updatedAt} />
      </td>
      <td data-label="Verdict">
        <Verdict node={node} />
      </td>
    </tr>
  );
}

function describe({ ready, waitingFor, openDependencies, attempt }: OpenNode['database']): string {
  if (waitingFor !== null) return `waits for ${waitingFor}`;
  if (openDependencies > 0) return `${openDependencies} ${openDependencies === 1 ? 'node' : 'nodes'} before it`;
  return ready ? 'ready' : attempt > 0 ? `attempt ${attempt}` : '';
}

function Verdict({ node: { disagreement } }: { readonly node: OpenNode }) {
  const status = disagreement === null ? 'SUCCESS' : 'FAILED';
  return (
    <div data-status={status}>
      <span className="nowrap">
        <StatusIcon status={status} /> {disagreement === null ? 'in order' : 'not in order'}
      </span>
      {disagreement !== null && (
        <p className="small">
          {disagreement.message}. The repair {disagreement.repair}.
        </p>
      )}
    </div>
  );
}
