import type { ScheduleTrigger } from './definition.ts';
import { dueTimes, jitterMs } from './schedule.ts';

/** Times up to this old are on time: rounds take a moment, and so does another leader's taking over. In ms. */
const ON_TIME_MS = 60_000;
/** Times that one round looks at; what is more was missed long ago. */
const MOST_TIMES = 1_000;

export interface SchedulePlan {
  /** To be started, ascending. */
  readonly due: readonly Date[];
  /** Too late by more than `catchUpSeconds`. */
  readonly missed: readonly Date[];
  /** Everything up to here is in one of the two lists. */
  readonly cursor: Date;
}

/** What a schedule owes at `now`, everything up to `cursor` being done. Pure. */
export function planSchedule(id: string, trigger: ScheduleTrigger, cursor: Date, now: Date): SchedulePlan {
  const times = dueTimes(trigger.cron, trigger.timezone, cursor, now, MOST_TIMES);
  const startOf = (time: Date) => time.getTime() + jitterMs(id, time, trigger.jitterSeconds);
  const first = times.findIndex((time) => startOf(time) > now.getTime());
  const reached = first < 0 ? times : times.slice(0, first);
  const oldest = now.getTime() - Math.max(trigger.catchUpSeconds * 1_000, ON_TIME_MS);
  return {
    due: reached.filter((time) => startOf(time) >= oldest),
    missed: reached.filter((time) => startOf(time) < oldest),
    // what waits for its jitter is looked at again
    cursor: first < 0 ? now : (reached.at(-1) ?? cursor),
  };
}

/** The same for the same schedule and time, whoever starts it: the clock, a catch-up or a backfill. */
export function scheduleKey(workflowId: string, { cron, timezone }: ScheduleTrigger, due: Date): string {
  return `${workflowId}/${cron} ${timezone}/${due.toISOString()}`;
}
