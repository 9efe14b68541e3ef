import { sql } from 'slonik';
import { z } from 'zod';
import type { Json } from '../../contracts/json.ts';
import type { Queryable } from '../pool.ts';
import { toJsonText } from '../storable.ts';
import { NO_ROWS } from '../no-rows.ts';

const json: z.ZodType<Json> = z.any();
const cached = z.object({ output: json, runId: z.string() });

/** The result kept under a key, with the run that made it; null where there is none or its time is over. */
export async function findCached(db: Queryable, key: string): Promise<z.infer<typeof cached> | null> {
  return db.maybeOne(
    sql.type(cached)`SELECT output, "runId" FROM "ResultCache" WHERE key = ${key} AND "expiresAt" > now()`,
  );
}

export async function keepResult(
  db: Queryable,
  { key, output, runId, ttlSeconds }: { key: string; output: Json; runId: string; ttlSeconds: number },
): Promise<void> {
  await db.query(sql.type(NO_ROWS)`
    INSERT INTO "ResultCache" (key, output, "runId", "expiresAt")
    VALUES (${key}, ${toJsonText(output as object)}::jsonb, ${runId}, now() + ${ttlSeconds} * interval '1 second')
    ON CONFLICT (key) DO UPDATE SET output = excluded.output, "runId" = excluded."runId", "createdAt" = now(),
      "expiresAt" = excluded."expiresAt"`);
}
