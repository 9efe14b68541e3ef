import { sql } from 'slonik';
import { z } from 'zod';
import type { Queryable } from '../pool.ts';
import { NO_ROWS } from '../no-rows.ts';
import { toJsonText } from '../storable.ts';

export interface WantedLead {
  readonly name: string;
  /** How long it is held from now on. */
  readonly seconds: number;
}

const heldRow = z.object({ name: z.string() });

/** Takes or renews the leads of these names. @returns those that the holder has; somebody else holds the others */
export async function holdLeads(
  db: Queryable,
  holder: string,
  wanted: readonly WantedLead[],
): Promise<ReadonlySet<string>> {
  const held = await db.anyFirst(sql.type(heldRow)`
    INSERT INTO "Leader" (name, holder, until)
    SELECT w.name, ${holder}, now() + w.seconds * interval '1 second'
    FROM jsonb_to_recordset(${toJsonText(wanted)}::jsonb) AS w(name text, seconds double precision) ORDER BY w.name
    ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
      WHERE "Leader".holder = excluded.holder OR "Leader".until < now()
    RETURNING name`);
  return new Set(held);
}

/** Lets somebody else lead without waiting for the lease to end. */
export async function leaveLead(db: Queryable, name: string, holder: string): Promise<void> {
  await db.query(sql.type(NO_ROWS)`DELETE FROM "Leader" WHERE name = ${name} AND holder = ${holder}`);
}
