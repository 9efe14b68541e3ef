import { StatusBadge } from '../../components/status.tsx';
import { Duration, Time } from '../../components/time.tsx';
import { addressWith, Link } from '../../router.tsx';
import type { AgentRun, Attempt } from '../../wire.ts';

export function NodeAttempts({ row }: { readonly row: AgentRun }) {
  if (row.attempts.length === 0) return <p className="muted">It has not been tried yet.</p>;
  return (
    <ol className="stack">
      {row.attempts.map((attempt) => (
        <AttemptCard key={attempt.attempt} attempt={attempt} />
      ))}
    </ol>
  );
}

function AttemptCard({ attempt }: { readonly attempt: Attempt }) {
  const { attempt: number, status, error, exitCode, workerId, startedAt, finishedAt, retryAt } = attempt;
  return (
    <li className="stack tight indented">
      <div className="row tight">
        <h3>Attempt {number}</h3>
        <StatusBadge status={status} />
        {startedAt !== null && (
          <span className="muted">
            <Time at={startedAt} />, <Duration from={startedAt} to={finishedAt} />
          </span>
        )}
      </div>
      {error && <p className="wrap-anywhere">{error.message}</p>}
      <p className="row tight small muted">
        {exitCode !== null && <span>exit code {exitCode}</span>}
        {workerId !== null && <span className="mono wrap-anywhere">{workerId}</span>}
        {retryAt !== null && (
          <span>
            next attempt <Time at={retryAt} />
          </span>
        )}
        <Link to={addressWith({ tab: 'logs', attempt: String(number), line: null })}>its log</Link>
      </p>
    </li>
  );
}
