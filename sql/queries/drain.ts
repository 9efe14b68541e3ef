import { sql } from 'slonik';
import { z } from 'zod';
import { NO_ROWS } from '../no-rows.ts';
import type { Queryable } from '../pool.ts';

/** Asks a worker that has not stopped to drain, or to work again. False where there is no such worker. */
export async function requestDrain(db: Queryable, workerId: string, isAsked: boolean): Promise<boolean> {
  const { rowCount } = await db.query(sql.type(NO_ROWS)`
    UPDATE "Worker" SET "drainedAt" = NULL,
      "drainRequestedAt" = CASE WHEN ${isAsked} THEN coalesce("drainRequestedAt", now()) END
    WHERE id = ${workerId} AND "stoppedAt" IS NULL`);
  return rowCount > 0;
}

const drainState = z.object({ isAsked: z.boolean() });

/** Whether the worker is asked to drain. */
export async function isDrainRequested(db: Queryable, workerId: string): Promise<boolean> {
  const row = await db.maybeOne(sql.type(drainState)`
    SELECT "drainRequestedAt" IS NOT NULL AS "isAsked" FROM "Worker" WHERE id = ${workerId}`);
  return row?.isAsked ?? false;
}

/** Notes that the worker holds nothing any more, unless it was told meanwhile to work again. */
export async function markDrained(db: Queryable, workerId: string): Promise<void> {
  await db.query(sql.type(NO_ROWS)`
    UPDATE "Worker" SET "drainedAt" = now() WHERE id = ${workerId} AND "drainRequestedAt" IS NOT NULL`);
}
