import { sql } from 'slonik';
import { z } from 'zod';
import type { JsonObject } from '../../contracts/json.ts';
import { mended } from '../mended.ts';
import type { Database, Queryable } from '../pool.ts';
import { toJsonText } from '../storable.ts';
import { NO_ROWS } from '../no-rows.ts';

const outboxEvent = mended(
  'event',
  z.object({
    runId: z.string(),
    sequence: z.number(),
    type: z.string(),
    data: z.custom<JsonObject>((value) => typeof value === 'object' && value !== null && !Array.isArray(value)),
    createdAt: z.date(),
    workflowName: z.string(),
    workflowId: z.string(),
  }),
);
export type OutboxEvent = z.infer<typeof outboxEvent>;

/**
 * Unpublished events in the order of runs and of sequence, from after `cursor` on. A run's rows are a prefix of what it
 * will have, since its lock orders its transactions.
 */
export async function findUnpublished(db: Queryable, cursor: string, limit: number): Promise<readonly OutboxEvent[]> {
  return db.any(sql.type(outboxEvent)`SELECT * FROM outbox_next(${cursor}, ${limit})`);
}

/** A stream, and which one of those of its name. */
export interface Mirror {
  readonly stream: string;
  /** As the server says it. */
  readonly createdAt: string;
}

const markedRow = z.object({ marked: z.number() });

/**
 * Marks what this stream has got, in a transaction of its own that does not wait for the disk: of three commits of a short run this is
 * one, and the other two would wait for it. When Postgres crashes, the marks of its last moments (three times `wal_writer_delay`: 0.6 s)
 * are gone, and those events are sent once more under the same ids, as after a publisher's death between sending and marking.
 * @returns false, and marks nothing, where another stream has taken its place
 */
export async function markPublished(
  db: Queryable,
  events: readonly { readonly runId: string; readonly sequence: number }[],
  { stream, createdAt }: Mirror,
): Promise<boolean> {
  const keys = events.map(({ runId, sequence }) => ({ runId, sequence }));
  const marked = await db.oneFirst(
    sql.type(markedRow)`
      SELECT outbox_mark(${stream}, ${createdAt}, ${toJsonText(keys)}::jsonb) AS marked FROM set_config('synchronous_commit', 'off', true)`,
  );
  return marked > 0;
}

/**
 * Makes sure that everything the outbox has goes to this stream: one that is not the stream of the last time gets every
 * event again. @returns true when it is another one
 */
export async function mirrorTo(db: Database, { stream, createdAt }: Mirror): Promise<boolean> {
  return db.transaction(async (transaction) => {
    const changed = await transaction.maybeOne(sql.type(z.object({ stream: z.string() }))`
      INSERT INTO "EventMirror" AS mirror VALUES (${stream}, ${createdAt})
      ON CONFLICT ON CONSTRAINT "EventMirror_pkey" DO UPDATE SET "streamCreatedAt" = EXCLUDED."streamCreatedAt"
      WHERE mirror."streamCreatedAt" <> EXCLUDED."streamCreatedAt"
      RETURNING stream`);
    if (!changed) return false;
    await transaction.query(sql.type(NO_ROWS)`UPDATE "Event" SET "publishedAt" = NULL WHERE "publishedAt" IS NOT NULL`);
    return true;
  });
}
