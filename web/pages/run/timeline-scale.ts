import type { AgentRun, Run } from '../../wire.ts';

export interface Segment {
  readonly kind: 'queue' | 'attempt' | 'pause';
  readonly from: number;
  readonly to: number;
  readonly status: AgentRun['status'];
  readonly attempt: number;
}

export interface Scale {
  readonly start: number;
  readonly end: number;
}

/** From the creation of the run to its end, or to now. */
export function scaleOf(run: Run, now: number): Scale {
  const start = Date.parse(run.createdAt);
  return { start, end: Math.max(start + 10, run.finishedAt === null ? now : Date.parse(run.finishedAt)) };
}

/** Where a moment stands, in percent of the scale's length. */
export function percent({ start, end }: Scale, at: number): number {
  return Math.min(100, Math.max(0, ((at - start) / (end - start)) * 100));
}

const STEPS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 10e3, 15e3, 30e3, 60e3, 120e3, 300e3, 600e3, 1800e3, 3600e3,
  7200e3, 21600e3, 86400e3,
];
const MOST_TICKS = 6;

/** Round distances from the start. */
export function ticksOf({ start, end }: Scale): number[] {
  const length = end - start;
  const step = STEPS.find((size) => length / size <= MOST_TICKS) ?? length / MOST_TICKS;
  return Array.from({ length: Math.floor(length / step) + 1 }, (_, index) => index * step);
}

/** What a node did when: waiting for a worker, its attempts, and the pauses between them. */
export function segmentsOf(row: AgentRun, now: number): Segment[] {
  const segments: Segment[] = [];
  let freeAt = row.readyAt === null ? undefined : Date.parse(row.readyAt);
  for (const attempt of row.attempts) {
    if (attempt.startedAt === null) continue;
    const from = Date.parse(attempt.startedAt);
    const to = attempt.finishedAt === null ? now : Date.parse(attempt.finishedAt);
    if (freeAt !== undefined && freeAt < from) {
      segments.push({
        kind: segments.length === 0 ? 'queue' : 'pause',
        from: freeAt,
        to: from,
        status: 'PENDING',
        attempt: attempt.attempt,
      });
    }
    segments.push({ kind: 'attempt', from, to, status: attempt.status, attempt: attempt.attempt });
    freeAt = to;
  }
  if (segments.length === 0 && freeAt !== undefined && row.finishedAt === null) {
    segments.push({ kind: 'queue', from: freeAt, to: now, status: 'PENDING', attempt: 0 });
  }
  return segments;
}
