import type { Logger } from '../platform/log.ts';
import type { Database } from '../sql/pool.ts';
import { deleteExpired, deleteOldRuns } from '../sql/queries/retention.ts';
import { createLedLoop, type LedLoop } from './leader.ts';

const EVERY_MS = 10 * 60 * 1000;
/** A batch is one transaction: small enough to hold no lock for long. */
const BATCH = 200;

export interface RetentionParts {
  readonly db: Database;
  readonly log: Logger;
  readonly holder: string;
  /** Ended runs older than this are deleted; 0 keeps them for ever. */
  readonly days: number;
}

/** Deletes what is old, in batches, one process at a time. */
export function createRetention({ db, log, holder, days }: RetentionParts): LedLoop {
  async function round(leading: AbortSignal): Promise<void> {
    await deleteExpired(db);
    if (days === 0) return;
    let deleted = 0;
    let batch: number;
    do {
      batch = await deleteOldRuns(db, days, BATCH);
      deleted += batch;
    } while (batch === BATCH && !leading.aborted);
    if (deleted > 0) log.info({ deleted, days }, 'deleted runs that are past their retention');
  }
  return createLedLoop({ name: 'retention', holder, db, log, everyMs: EVERY_MS, round });
}
