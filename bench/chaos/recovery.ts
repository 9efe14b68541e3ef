import { quantile } from '../quantile.ts';
import { groupBy, type JournalLine } from './history/history.ts';

/** How long nodes waited for their next attempt after one was lost, in milliseconds. */
export interface Recovery {
  readonly lost: number;
  readonly p50: number;
  readonly p99: number;
  readonly worst: number;
}

/** An attempt that wrote neither end nor failure was lost at its last line. */
export function measureRecovery(journal: readonly JournalLine[]): Recovery {
  const waits = [...groupBy(journal, ({ key }) => key).values()].flatMap(waitsOf).sort((a, b) => a - b);
  return { lost: waits.length, p50: quantile(waits, 0.5), p99: quantile(waits, 0.99), worst: waits.at(-1) ?? 0 };
}

function waitsOf(lines: readonly JournalLine[]): number[] {
  const attempts = [...groupBy(lines, ({ pid, attempt }) => `${pid}.${attempt}`).values()];
  return attempts.flatMap((attempt, index) => {
    const last = attempt.at(-1);
    const next = attempts[index + 1]?.[0];
    return last && next && last.what !== 'end' && last.what !== 'fail' ? [next.at - last.at] : [];
  });
}
