import { useMemo } from 'react';
import { api, bodyOf } from '../../api-client.ts';
import { Time } from '../../components/time.tsx';
import { useResource } from '../../live/resource.ts';
import { formatDuration } from '../../time/format.ts';
import type { AgentStatistics } from '../../wire.ts';

const DAYS = 7;

/** How the agents did in the last seven days, by name. */
export function useAgentStatistics(): ReadonlyMap<string, AgentStatistics> {
  const { data } = useResource(
    'agent-statistics',
    (signal) => bodyOf(api.GET('/api/agent-statistics', { params: { query: { days: DAYS } }, signal })),
    { everyMs: 10_000 },
  );
  return useMemo(() => new Map(data?.map((one) => [one.agent, one])), [data]);
}

interface Props {
  readonly statistics: AgentStatistics | undefined;
}

export function SuccessRate({ statistics }: Props) {
  if (!statistics) return <span className="muted">not run</span>;
  const { successRate, runs } = statistics;
  return (
    <span className="nowrap">
      {formatRate(successRate)} <span className="muted">of {runs.toLocaleString('en')}</span>
    </span>
  );
}

export function TypicalDuration({ statistics }: Props) {
  const { medianMs = null, p95Ms = null } = statistics ?? {};
  if (medianMs === null || p95Ms === null) return null;
  return (
    <span className="nowrap" title={`Half took less than ${formatDuration(medianMs)}`}>
      {formatDuration(medianMs)} <span className="muted">to {formatDuration(p95Ms)}</span>
    </span>
  );
}

/** All of it in one sentence. */
export function StatisticsLine({ statistics }: Props) {
  if (!statistics) return <p className="small">It has not run in the last seven days.</p>;
  const { successRate, runs, retries, medianMs, p95Ms, lastEndedAt } = statistics;
  return (
    <p className="small">
      {formatRate(successRate)} of {runs.toLocaleString('en')} succeeded in seven days
      {medianMs !== null && `, half within ${formatDuration(medianMs)}`}
      {p95Ms !== null && `, 95 % within ${formatDuration(p95Ms)}`}
      {retries > 0 && `, ${retries.toLocaleString('en')} retries`}; the last ended <Time at={lastEndedAt} />.
    </p>
  );
}

/** 100 % only where nothing failed. */
function formatRate(rate: number): string {
  return `${rate === 1 ? 100 : Math.min(99.9, Math.round(rate * 1_000) / 10)} %`;
}
