import type { Logger } from '../platform/log.ts';
import type { Database } from '../sql/pool.ts';
import { deleteExpired, deleteOldRuns, type RetentionBatch, type StatusRetention } from '../sql/queries/retention.ts';
import { createLedLoop, type LedLoop } from './leader.ts';
import type { Leads } from './leads.ts';

const EVERY_MS = 10 * 60 * 1000;
/** A batch is one transaction: small enough to hold no lock for long. */
const BATCH = 200;

export interface RetentionParts {
  readonly db: Database;
  readonly log: Logger;
  readonly leads: Leads;
  readonly retention: readonly StatusRetention[];
}

/** Deletes what is old, in batches, one process at a time. */
export function createRetention({ db, log, leads, retention }: RetentionParts): LedLoop {
  async function round(leading: AbortSignal): Promise<void> {
    await deleteExpired(db);
    const deleted = await deletePastRetention(db, retention, leading);
    if (deleted > 0) log.info({ deleted }, 'deleted runs that are past their retention');
  }
  return createLedLoop({ name: 'retention', leads, log, everyMs: EVERY_MS, round });
}

/** One pass over the runs that are old enough, from the oldest on. @returns how many were deleted */
export async function deletePastRetention(
  db: Database,
  retention: readonly StatusRetention[],
  stop: AbortSignal,
  limit: number = BATCH,
): Promise<number> {
  let after: RetentionBatch['last'] = null;
  let deleted = 0;
  while (!stop.aborted) {
    const batch: RetentionBatch = await deleteOldRuns(db, retention, { after, limit });
    deleted += batch.deleted;
    if (batch.looked < limit) break;
    after = batch.last;
  }
  return deleted;
}
