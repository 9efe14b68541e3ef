import { sql } from 'slonik';
import { z } from 'zod';
import type { Queryable } from '../pool.ts';
import { NO_ROWS } from '../no-rows.ts';

/** How long runs that ended so are kept; 0 keeps them for ever. */
export interface StatusRetention {
  readonly status: 'SUCCESS' | 'FAILED' | 'CANCELLED';
  readonly days: number;
}

const position = z.object({ at: z.string(), id: z.string() });
const batch = z.object({ deleted: z.number(), looked: z.number(), last: position.nullable() });
/** `looked`: runs that were old enough to be looked at; the next batch begins after `last`. */
export type RetentionBatch = z.output<typeof batch>;

/**
 * Deletes runs that are past their days, with everything of theirs: of the next `limit` that ended after `after`, oldest first.
 * Never an open one, nor one whose parent run is open. Runs that another transaction holds are left for the next round.
 */
export async function deleteOldRuns(
  db: Queryable,
  retention: readonly StatusRetention[],
  { after, limit }: { readonly after: RetentionBatch['last']; readonly limit: number },
): Promise<RetentionBatch> {
  const isNext =
    after === null
      ? sql.fragment`true`
      : sql.fragment`(w."finishedAt", w.id) > (${after.at}::text::timestamptz, ${after.id}::uuid)`;
  return db.one(sql.type(batch)`
    WITH kept AS (
      SELECT status, now() - days * interval '1 day' AS until
      FROM jsonb_to_recordset(${JSON.stringify(retention)}::jsonb) AS k(status text, days integer) WHERE days > 0
    ), looked AS MATERIALIZED (
      SELECT w.id, w.status, w."finishedAt", w."parentRunId" FROM "WorkflowRun" w
      WHERE w."finishedAt" < (SELECT max(until) FROM kept) AND ${isNext}
      ORDER BY w."finishedAt", w.id LIMIT ${limit}
    ), old AS (
      SELECT w.id FROM "WorkflowRun" w JOIN looked l ON l.id = w.id JOIN kept k ON k.status = l.status
      WHERE l."finishedAt" < k.until
        AND NOT EXISTS (SELECT FROM "WorkflowRun" p WHERE p.id = l."parentRunId" AND p."finishedAt" IS NULL)
      FOR UPDATE OF w SKIP LOCKED
    ), gone AS (
      DELETE FROM "WorkflowRun" w USING old WHERE w.id = old.id AND w."finishedAt" IS NOT NULL RETURNING w.id
    )
    SELECT (SELECT count(*)::integer FROM gone) AS deleted, (SELECT count(*)::integer FROM looked) AS looked,
      (SELECT json_build_object('at', "finishedAt"::text, 'id', id) FROM looked ORDER BY "finishedAt" DESC, id DESC LIMIT 1) AS last`);
}

/** Deletes what is of no use any more whatever the retention: old idempotency keys, results, workers that are gone. */
export async function deleteExpired(db: Queryable): Promise<void> {
  await db.query(sql.type(NO_ROWS)`
    WITH keys AS (DELETE FROM "IdempotencyKey" WHERE "createdAt" < now() - CASE scope WHEN 'alert' THEN interval '1 year' ELSE interval '30 days' END),
      results AS (DELETE FROM "ResultCache" WHERE "expiresAt" < now())
    DELETE FROM "Worker" WHERE "heartbeatAt" < now() - interval '7 days'`);
}
