import { sql } from 'slonik';
import { z } from 'zod';
import type { Queryable } from '../../../sql/pool.ts';

/** The outcomes of a trigger's decisions, oldest first. */
export async function decisionsOf(db: Queryable, triggerId: string): Promise<readonly string[]> {
  return db.anyFirst(sql.type(z.object({ outcome: z.string() }))`
    SELECT outcome FROM "TriggerDecision" WHERE "triggerId" = ${triggerId} ORDER BY at, id`);
}
