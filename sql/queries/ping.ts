import { sql } from 'slonik';
import { z } from 'zod';
import type { Queryable } from '../pool.ts';

/** @throws AppError DATABASE_UNAVAILABLE */
export async function ping(db: Queryable): Promise<void> {
  await db.oneFirst(sql.type(z.object({ one: z.number() }))`SELECT 1 AS one`);
}
