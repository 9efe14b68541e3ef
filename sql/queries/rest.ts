import { sql } from 'slonik';
import { z } from 'zod';
import type { Queryable } from '../pool.ts';

/** Longer than what ended runs are looked back for (workers/triggers/follow-ups.ts). */
const SETTLED_SECONDS = 120;

const stillness = z.object({ runs: z.boolean(), outbox: z.boolean() });
/** What has nothing to do: by its name, true. */
export type Stillness = z.output<typeof stillness>;

/**
 * `runs`: nothing is under way that could need a repair, or a trigger's answer: no run is open or has just ended, no alerts
 * are being gathered, no target is locked, no alert is silenced. `outbox`: every event is in JetStream. One look at the
 * first entries of small indexes.
 */
export function findStillness(db: Queryable): Promise<Stillness> {
  return db.one(sql.type(stillness)`
    SELECT NOT (
      EXISTS (SELECT FROM "WorkflowRun" WHERE "finishedAt" IS NULL)
      OR EXISTS (SELECT FROM "WorkflowRun" WHERE "finishedAt" > now() - ${SETTLED_SECONDS} * interval '1 second')
      OR EXISTS (SELECT FROM "WorkflowRun" WHERE "cleanupNeeded")
      OR EXISTS (SELECT FROM "AlertGroup" WHERE "closedAt" IS NULL)
      OR EXISTS (SELECT FROM "TargetLock")
      OR EXISTS (SELECT FROM "TargetLockWait")
      OR EXISTS (SELECT FROM "RunSilence" WHERE "removedAt" IS NULL)
    ) AS runs,
    NOT EXISTS (SELECT FROM "Event" WHERE "publishedAt" IS NULL) AS outbox`);
}
