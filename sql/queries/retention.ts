import { sql } from 'slonik';
import { z } from 'zod';
import type { Queryable } from '../pool.ts';

const id = z.object({ id: z.string() });

/** Deletes up to `limit` runs that ended more than `days` ago, with everything of theirs. Never an open one. */
export async function deleteOldRuns(db: Queryable, days: number, limit: number): Promise<number> {
  const rows = await db.any(sql.type(id)`
    DELETE FROM "WorkflowRun" WHERE id IN (
      SELECT id FROM "WorkflowRun" WHERE "finishedAt" < now() - ${days} * interval '1 day'
      ORDER BY "finishedAt" LIMIT ${limit} FOR UPDATE SKIP LOCKED)
    RETURNING id`);
  return rows.length;
}

/** Deletes what is of no use any more whatever the retention: old idempotency keys, results, workers that are gone. */
export async function deleteExpired(db: Queryable): Promise<void> {
  await db.query(sql.type(z.object({}))`
    WITH keys AS (DELETE FROM "IdempotencyKey" WHERE "createdAt" < now() - CASE scope WHEN 'alert' THEN interval '1 year' ELSE interval '30 days' END),
      results AS (DELETE FROM "ResultCache" WHERE "expiresAt" < now())
    DELETE FROM "Worker" WHERE "heartbeatAt" < now() - interval '7 days'`);
}
