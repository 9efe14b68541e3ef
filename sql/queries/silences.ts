import { sql } from 'slonik';
import { z } from 'zod';
import type { Queryable } from '../pool.ts';

const wanted = z.object({
  runId: z.string(),
  workflowName: z.string(),
  labels: z.record(z.string(), z.string()),
  silenceId: z.string().nullable(),
});
export type WantedSilence = z.output<typeof wanted>;

/** Open runs that ask for a silence and have none, or one that ends within `renewSeconds`. */
export function findWantedSilences(db: Queryable, renewSeconds: number): Promise<readonly WantedSilence[]> {
  return db.any(sql.type(wanted)`
    SELECT w.id AS "runId", w."workflowName", a.labels, s."silenceId"
    FROM "WorkflowRun" w JOIN "Alert" a ON a.fingerprint = w.trigger ->> 'fingerprint' AND a."startsAt" = (w.trigger ->> 'startsAt')::timestamptz
    LEFT JOIN "RunSilence" s ON s."runId" = w.id
    WHERE w."finishedAt" IS NULL AND w.trigger ->> 'silence' = 'true'
      AND s."removedAt" IS NULL AND (s."endsAt" IS NULL OR s."endsAt" < now() + ${renewSeconds} * interval '1 second')
    LIMIT 100`);
}

/** Notes the silence that AlertManager has made, or why it did not. */
export async function noteSilence(
  db: Queryable,
  { runId, silenceId, endsAt, error }: { runId: string; silenceId?: string; endsAt?: Date; error?: string },
): Promise<void> {
  await db.query(sql.type(z.object({}))`
    INSERT INTO "RunSilence" AS s ("runId", "silenceId", "endsAt", error)
    VALUES (${runId}, ${silenceId ?? null}, ${endsAt?.toISOString() ?? null}::timestamptz, ${error ?? null})
    ON CONFLICT ("runId") DO UPDATE SET "silenceId" = coalesce(excluded."silenceId", s."silenceId"),
      "endsAt" = coalesce(excluded."endsAt", s."endsAt"), error = excluded.error`);
}

const over = z.object({ runId: z.string(), silenceId: z.string() });

/** Silences whose run has ended. */
export function findOverSilences(db: Queryable): Promise<readonly z.output<typeof over>[]> {
  return db.any(sql.type(over)`
    SELECT s."runId", s."silenceId" FROM "RunSilence" s LEFT JOIN "WorkflowRun" w ON w.id = s."runId"
    WHERE s."removedAt" IS NULL AND s."silenceId" IS NOT NULL AND (w.id IS NULL OR w."finishedAt" IS NOT NULL) LIMIT 100`);
}

export async function noteSilenceRemoved(db: Queryable, runId: string): Promise<void> {
  await db.query(
    sql.type(z.object({}))`UPDATE "RunSilence" SET "removedAt" = now(), error = NULL WHERE "runId" = ${runId}`,
  );
}
