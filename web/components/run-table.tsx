import { addressOf } from '../addresses.ts';
import { Link } from '../router.tsx';
import type { RunSummary } from '../wire.ts';
import { StatusBadge } from './status.tsx';
import { Duration, Time } from './time.tsx';

interface Props {
  readonly runs: readonly RunSummary[];
  readonly label: string;
  readonly withWorkflow?: boolean;
}

/** Runs as a table; the reason of a failure stands in its row. */
export function RunTable({ runs, label, withWorkflow = true }: Props) {
  return (
    <table className="table" aria-label={label}>
      <thead>
        <tr>
          <th scope="col">Status</th>
          <th scope="col">{withWorkflow ? 'Workflow and run' : 'Run'}</th>
          <th scope="col">Trigger</th>
          <th scope="col">Created</th>
          <th scope="col" className="number">
            Took
          </th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <tr key={run.id}>
            <td data-label="Status">
              <StatusBadge status={run.status} />
            </td>
            <td>
              <Link to={addressOf.run(run.workflowName, run.id)} data-row="">
                {withWorkflow && `${run.workflowName} `}
                <span className="mono">{run.id.slice(0, 8)}</span>
              </Link>
              {run.error && <RunError error={run.error} />}
            </td>
            <td data-label="Trigger" className="nowrap">
              {run.trigger.type}
            </td>
            <td data-label="Created">
              <Time at={run.createdAt} />
            </td>
            <td data-label="Took" className="number">
              <Duration from={run.startedAt ?? run.createdAt} to={run.finishedAt} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const MOST_SHOWN = 160;

export function RunError({ error: { nodeId, message } }: { readonly error: NonNullable<RunSummary['error']> }) {
  const text = nodeId === null ? message : `${nodeId}: ${message}`;
  return <p className="small muted">{text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text}</p>;
}
