import type { ReactNode } from 'react';
import { addressOf } from '../../addresses.ts';
import { Link } from '../../router.tsx';
import { useReadiness } from '../../session/readiness.ts';
import { formatDuration } from '../../time/format.ts';
import type { Overview } from '../../wire.ts';

/** Seconds after which a waiting node or an unpublished event deserves a look. */
const LATE_SECONDS = 10;

/** The six numbers that say whether somebody has to do something; each leads to where. */
export function Figures({ overview }: { readonly overview: Overview }) {
  const { activeRuns, pendingApprovals, failing, oldestReadySeconds, workers, outbox } = overview;
  const active = Object.values(activeRuns).reduce((sum, count) => sum + count, 0);
  const failed = failing.reduce((sum, one) => sum + one.failed, 0);
  return (
    <ul className="figures">
      <Figure to={addressOf.runs({ status: 'PENDING,RUNNING,WAITING_APPROVAL,PAUSED' })} value={active} name="Runs now">
        {describeActive(activeRuns)}
      </Figure>
      <Figure
        to="/approvals"
        value={pendingApprovals}
        name="Waiting for you"
        tone={pendingApprovals > 0 ? 'violet' : undefined}
      >
        {pendingApprovals > 0 ? 'Decide in the inbox' : 'No approvals'}
      </Figure>
      <Figure
        to={addressOf.runs({ status: 'FAILED' })}
        value={failed}
        name="Failed in a day"
        tone={failed > 0 ? 'red' : undefined}
      >
        {failing.length > 0 ? `In ${failing.length} ${failing.length === 1 ? 'workflow' : 'workflows'}` : 'None'}
      </Figure>
      <Figure
        to="/queues"
        value={formatDuration(oldestReadySeconds * 1_000)}
        name="Longest queue wait"
        tone={oldestReadySeconds > LATE_SECONDS ? 'amber' : undefined}
      >
        {oldestReadySeconds > LATE_SECONDS ? 'Workers cannot keep up' : 'Nodes start at once'}
      </Figure>
      <Figure to="/queues" value={workers} name="Workers alive" tone={workers === 0 ? 'red' : undefined}>
        {workers === 0 ? 'Start one: npm run start:worker' : 'Heard of just now'}
      </Figure>
      <OutboxFigure outbox={outbox} />
    </ul>
  );
}

/** Without NATS nothing is published, and nothing is late. */
function OutboxFigure({ outbox: { pending, lagSeconds } }: Pick<Overview, 'outbox'>) {
  const { data } = useReadiness();
  if (data?.parts.nats.status === 'off') {
    return (
      <Figure to="/doctor" value="off" name="Outbox lag">
        No NATS: events stay in Postgres
      </Figure>
    );
  }
  return (
    <Figure
      to="/queues"
      value={formatDuration(lagSeconds * 1_000)}
      name="Outbox lag"
      tone={lagSeconds > LATE_SECONDS ? 'amber' : undefined}
    >
      {pending === 0 ? 'All events published' : `${pending.toLocaleString('en')} events to publish`}
    </Figure>
  );
}

interface FigureProps {
  readonly to: string;
  readonly value: number | string;
  readonly name: string;
  readonly tone?: 'red' | 'amber' | 'violet' | undefined;
  readonly children: ReactNode;
}

function Figure({ to, value, name, tone, children }: FigureProps) {
  return (
    <li>
      <Link to={to} className="card figure" data-tone={tone}>
        <span className="figure-name">{name}</span>
        <span className="figure-value">{value}</span>
        <span className="figure-note">{children}</span>
      </Link>
    </li>
  );
}

function describeActive(activeRuns: Overview['activeRuns']): string {
  const words = { PENDING: 'pending', RUNNING: 'running', WAITING_APPROVAL: 'waiting', PAUSED: 'paused' };
  const parts = Object.entries(words).flatMap(([status, word]) => {
    const count = activeRuns[status] ?? 0;
    return count > 0 ? [`${count} ${word}`] : [];
  });
  return parts.length > 0 ? parts.join(', ') : 'Nothing runs';
}
