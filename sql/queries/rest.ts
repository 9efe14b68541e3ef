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
  return db.one(sql.type(stillness)`SELECT * FROM stillness(${SETTLED_SECONDS})`);
}
