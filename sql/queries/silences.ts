import { sql } from 'slonik';
import { z } from 'zod';
import { mended } from '../mended.ts';
import type { Queryable } from '../pool.ts';
import { NO_ROWS } from '../no-rows.ts';

const matcher = z.object({ name: z.string(), value: z.string(), isRegex: z.boolean(), isEqual: z.boolean() });
const wanted = mended(
  'alert',
  z.object({ runId: z.string(), matchers: z.array(matcher), silenceId: z.string().nullable() }),
);
export type WantedSilence = z.output<typeof wanted>;

/** Open runs that ask for a silence and have none, or one that ends within `renewSeconds`. */
export function findWantedSilences(db: Queryable, renewSeconds: number): Promise<readonly WantedSilence[]> {
  return db.any(sql.type(wanted)`
    SELECT w.id AS "runId", w.trigger -> 'silence' AS matchers, s."silenceId"
    FROM "WorkflowRun" w LEFT JOIN "RunSilence" s ON s."runId" = w.id
    WHERE w."finishedAt" IS NULL AND jsonb_typeof(w.trigger -> 'silence') = 'array'
      AND s."removedAt" IS NULL AND (s."endsAt" IS NULL OR s."endsAt" < now() + ${renewSeconds} * interval '1 second')
    LIMIT 100`);
}

/** Notes the silence that AlertManager has made. */
export async function noteSilence(
  db: Queryable,
  { runId, silenceId, endsAt }: { runId: string; silenceId: string; endsAt: Date },
): Promise<void> {
  await db.query(sql.type(NO_ROWS)`
    INSERT INTO "RunSilence" ("runId", "silenceId", "endsAt") VALUES (${runId}, ${silenceId}, ${endsAt.toISOString()}::timestamptz)
    ON CONFLICT ("runId") DO UPDATE SET "silenceId" = excluded."silenceId", "endsAt" = excluded."endsAt"`);
}

const over = z.object({ runId: z.string(), silenceId: z.string() });

/** Silences whose run has ended. */
export function findOverSilences(db: Queryable): Promise<readonly z.output<typeof over>[]> {
  return db.any(sql.type(over)`
    SELECT s."runId", s."silenceId" FROM "RunSilence" s LEFT JOIN "WorkflowRun" w ON w.id = s."runId"
    WHERE s."removedAt" IS NULL AND s."silenceId" IS NOT NULL AND (w.id IS NULL OR w."finishedAt" IS NOT NULL) LIMIT 100`);
}

export async function noteSilenceRemoved(db: Queryable, runId: string): Promise<void> {
  await db.query(sql.type(NO_ROWS)`UPDATE "RunSilence" SET "removedAt" = now() WHERE "runId" = ${runId}`);
}
