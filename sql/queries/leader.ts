import { sql } from 'slonik';
import { z } from 'zod';
import type { Queryable } from '../pool.ts';
import { NO_ROWS } from '../no-rows.ts';

const leaderRow = z.object({ holder: z.string() });

/** Takes or renews the lead of this name; false while somebody else holds it. */
export async function holdLead(db: Queryable, name: string, holder: string, seconds: number): Promise<boolean> {
  const held = await db.maybeOneFirst(sql.type(leaderRow)`
    INSERT INTO "Leader" (name, holder, until) VALUES (${name}, ${holder}, now() + ${seconds} * interval '1 second')
    ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
      WHERE "Leader".holder = excluded.holder OR "Leader".until < now()
    RETURNING holder`);
  return held === holder;
}

/** Lets somebody else lead without waiting for the lease to end. */
export async function leaveLead(db: Queryable, name: string, holder: string): Promise<void> {
  await db.query(sql.type(NO_ROWS)`DELETE FROM "Leader" WHERE name = ${name} AND holder = ${holder}`);
}
