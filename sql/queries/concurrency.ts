import { sql } from 'slonik';
import { z } from 'zod';
import type { Queryable } from '../pool.ts';

/** The open runs under a concurrency key, oldest first, without `except` and those that came after it. */
export async function findHolders(db: Queryable, key: string, except: string): Promise<readonly string[]> {
  const rows = await db.any(sql.type(z.object({ id: z.string() }))`
    SELECT w.id FROM "WorkflowRun" w, "WorkflowRun" mine
    WHERE mine.id = ${except} AND w."concurrencyKey" = ${key} AND w."finishedAt" IS NULL AND w.id <> mine.id
      AND w."cancelRequestedAt" IS NULL AND (w."createdAt", w.id) < (mine."createdAt", mine.id)
    ORDER BY w."createdAt", w.id`);
  return rows.map(({ id }) => id);
}
