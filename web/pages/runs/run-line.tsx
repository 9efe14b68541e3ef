import { addressOf } from '../../addresses.ts';
import { RunError } from '../../components/run-table.tsx';
import { StatusBadge } from '../../components/status.tsx';
import { Duration, Time } from '../../components/time.tsx';
import { Link } from '../../router.tsx';
import type { RunSummary } from '../../wire.ts';

export function RunLine({ run }: { readonly run: RunSummary }) {
  const { id, workflowName, status, trigger, createdAt, startedAt, finishedAt, error, labels } = run;
  return (
    <Link to={addressOf.run(workflowName, id)} className="run-line" data-row="">
      <span className="run-line-status">
        <StatusBadge status={status} />
      </span>
      <span className="run-line-name">
        <strong>{workflowName}</strong> <span className="mono muted">{id.slice(0, 8)}</span>{' '}
        {Object.entries(labels).map(([name, value]) => (
          <span key={name} className="tag">
            {name}={String(value)}
          </span>
        ))}
        {error && <RunError error={error} />}
      </span>
      <span className="run-line-facts muted small">
        <span>{trigger.type}</span>
        <Time at={createdAt} />
        <span>
          <Duration from={startedAt ?? createdAt} to={finishedAt} />
        </span>
      </span>
    </Link>
  );
}
