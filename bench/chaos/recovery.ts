import { quantile } from '../quantile.ts';
import { groupBy, type EventRow, type History, type JournalLine } from './history/history.ts';

/** How long nodes waited for their next attempt after one was lost, in milliseconds. */
export interface Recovery {
  readonly lost: number;
  readonly p50: number;
  readonly p99: number;
  readonly worst: number;
}

/**
 * An attempt that wrote neither end nor failure was lost at its last line. The next one began with its claim: its agent may be
 * lost as well before it writes a line.
 */
export function measureRecovery({ journal, events }: Pick<History, 'journal' | 'events'>): Recovery {
  const starts = groupBy(
    events.filter(({ type }) => type === 'node.started'),
    ({ agentRunId }) => agentRunId,
  );
  const waits = [...groupBy(journal, ({ key }) => key)].flatMap(([key, lines]) =>
    waitsOf(lines, starts.get(key) ?? []),
  );
  waits.sort((a, b) => a - b);
  return { lost: waits.length, p50: quantile(waits, 0.5), p99: quantile(waits, 0.99), worst: waits.at(-1) ?? 0 };
}

function waitsOf(lines: readonly JournalLine[], starts: readonly EventRow[]): number[] {
  return [...groupBy(lines, ({ pid, attempt }) => `${pid}.${attempt}`).values()].flatMap((attempt) => {
    const last = attempt.at(-1);
    if (last === undefined || last.what === 'end' || last.what === 'fail') return [];
    const next = starts.find(({ at }) => at > last.at);
    return next ? [next.at - last.at] : [];
  });
}
