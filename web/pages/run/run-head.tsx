import { addressOf } from '../../addresses.ts';
import { LiveMark } from '../../components/live-mark.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { STATUS_LABELS, StatusBadge } from '../../components/status.tsx';
import { Duration, Time } from '../../components/time.tsx';
import type { StreamState } from '../../live/event-stream.ts';
import { Link } from '../../router.tsx';
import type { Run } from '../../wire.ts';
import { RunActions } from './run-actions.tsx';

interface Props {
  readonly run: Run;
  readonly stream: StreamState;
  readonly onChanged: () => void;
}

export function RunHead({ run, stream, onChanged }: Props) {
  const short = run.id.slice(0, 8);
  return (
    <PageHead
      title={`${run.workflowName} ${short}`}
      documentTitle={`${STATUS_LABELS[run.status]}: ${run.workflowName} ${short}`}
      crumbs={[
        { text: 'Workflows', to: '/workflows' },
        { text: run.workflowName, to: addressOf.workflow(run.workflowName) },
      ]}
      beside={
        <>
          <StatusBadge status={run.status} />
          <LiveMark stream={stream} />
        </>
      }
      actions={<RunActions run={run} onChanged={onChanged} />}
    >
      <ul className="row run-facts">
        <li>
          {run.finishedAt === null ? 'for ' : 'took '}
          <Duration from={run.startedAt ?? run.createdAt} to={run.finishedAt} />
        </li>
        <li>
          started by {describeTrigger(run)} <Time at={run.createdAt} />
        </li>
        <li>version {run.workflowVersion}</li>
        {run.retryOf !== null && (
          <li>
            retry of <Link to={addressOf.run(run.workflowName, run.retryOf)}>{run.retryOf.slice(0, 8)}</Link>
          </li>
        )}
        {run.parentRunId !== null && (
          <li>
            part of <Link to={`/runs/${run.parentRunId}`}>{run.parentRunId.slice(0, 8)}</Link>
          </li>
        )}
        {run.traceUrl !== null && (
          <li>
            <a href={run.traceUrl} rel="noreferrer">
              trace <span className="mono">{run.traceId?.slice(0, 8)}</span>
            </a>
          </li>
        )}
        {run.deadlineAt !== null && run.finishedAt === null && (
          <li>
            deadline <Time at={run.deadlineAt} />
          </li>
        )}
        {Object.entries(run.labels).map(([name, value]) => (
          <li key={name}>
            <Link to={addressOf.runs({ label: `${name}=${String(value)}` })} className="tag">
              {name}={String(value)}
            </Link>
          </li>
        ))}
      </ul>
    </PageHead>
  );
}

function describeTrigger({ trigger }: Run): string {
  const by = typeof trigger.by === 'string' ? ` (${trigger.by})` : '';
  return `${trigger.type}${by}`;
}
