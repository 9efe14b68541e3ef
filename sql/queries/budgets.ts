import { sql } from 'slonik';
import { z } from 'zod';
import type { Queryable } from '../pool.ts';
import { toJsonText } from '../storable.ts';
import { NO_ROWS } from '../no-rows.ts';

/** A start that counts against a workflow's budget for a target. */
export interface BudgetUse {
  readonly workflowId: string;
  readonly target: string;
  /** Of what asked for the start: asking again does not count again. */
  readonly identity: string;
  readonly windowSeconds: number;
}

/**
 * Counts starts, each identity once; many in two statements. @returns for each how many there are in its window up to it, which is
 * the same however often it is asked.
 */
export async function useBudgets(db: Queryable, uses: readonly BudgetUse[]): Promise<readonly number[]> {
  const given = toJsonText(uses.map((use, place) => ({ ...use, place })));
  // in the order of the key, so that two who count the same starts cannot wait for each other
  await db.query(sql.type(NO_ROWS)`
    INSERT INTO "BudgetUse" ("workflowId", target, identity)
    SELECT "workflowId", target, identity FROM jsonb_to_recordset(${given}::jsonb) AS u("workflowId" uuid, target text, identity text)
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING`);
  return db.anyFirst(sql.type(z.object({ used: z.number() }))`
    SELECT (
      SELECT count(*)::integer FROM "BudgetUse" mine JOIN "BudgetUse" b ON b."workflowId" = mine."workflowId" AND b.target = mine.target
        AND b.id <= mine.id AND b.at > mine.at - u."windowSeconds" * interval '1 second'
      WHERE mine."workflowId" = u."workflowId" AND mine.target = u.target AND mine.identity = u.identity) AS used
    FROM jsonb_to_recordset(${given}::jsonb) AS u("workflowId" uuid, target text, identity text, "windowSeconds" double precision, place integer)
    ORDER BY u.place`);
}
