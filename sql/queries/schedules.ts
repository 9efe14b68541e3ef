import { sql } from 'slonik';
import { z } from 'zod';
import { mended } from '../mended.ts';
import type { Queryable } from '../pool.ts';
import { NO_ROWS } from '../no-rows.ts';

const cursorRow = mended('trigger_cursor', z.object({ name: z.string(), at: z.date(), waiting: z.array(z.date()) }));
export type TriggerCursor = z.output<typeof cursorRow>;

/** How far these readers have got; one that is new begins now. */
export function openCursors(db: Queryable, names: readonly string[]): Promise<readonly TriggerCursor[]> {
  return db.any(sql.type(cursorRow)`
    WITH made AS (
      INSERT INTO "TriggerCursor" (name, at) SELECT name, now() FROM unnest(${sql.array([...names], 'text')}) AS n(name)
      ON CONFLICT (name) DO NOTHING RETURNING name, at, waiting
    )
    SELECT name, at, waiting FROM made
    UNION ALL SELECT name, at, waiting FROM "TriggerCursor" WHERE name = ANY (${sql.array([...names], 'text')})`);
}

export async function moveCursor(db: Queryable, { name, at, waiting }: TriggerCursor): Promise<void> {
  const times = waiting.map((time) => time.toISOString());
  await db.query(sql.type(NO_ROWS)`
    UPDATE "TriggerCursor" SET at = ${at.toISOString()}::timestamptz, waiting = ${sql.array(times, 'timestamptz')}, "updatedAt" = now()
    WHERE name = ${name}`);
}

/** Forgets cursors of schedules that are gone. */
export async function dropOldCursors(db: Queryable, days: number): Promise<void> {
  await db.query(sql.type(NO_ROWS)`
    DELETE FROM "TriggerCursor" WHERE "updatedAt" < now() - ${days} * interval '1 day'`);
}

/** The open runs that a trigger has started. */
export function findOpenRunsOf(db: Queryable, workflowId: string, triggerId: string): Promise<readonly string[]> {
  return db.anyFirst(sql.type(z.object({ id: z.string() }))`
    SELECT id FROM "WorkflowRun" WHERE "workflowId" = ${workflowId} AND "finishedAt" IS NULL AND trigger ->> 'triggerId' = ${triggerId}
    ORDER BY "createdAt"`);
}
