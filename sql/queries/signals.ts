import { sql } from 'slonik';
import { z } from 'zod';
import type { Json } from '../../contracts/json.ts';
import type { Queryable } from '../pool.ts';
import { toJsonText } from '../storable.ts';

const json: z.ZodType<Json> = z.any();

/** Keeps a signal until a node takes it. */
export async function keepSignal(
  db: Queryable,
  { runId, name, payload, by }: { runId: string; name: string; payload: Json; by: string },
): Promise<void> {
  await db.query(sql.type(z.object({}))`
    INSERT INTO "Signal" ("runId", name, payload, "sentBy") VALUES (${runId}, ${name}, ${toJsonText(payload)}::jsonb, ${by})`);
}

/**
 * Gives the oldest kept signal of this name to the first node that waits for it; null where there is no such pair. The
 * node's own look, when it begins to wait, takes from the same list, so a signal is taken once whichever comes first.
 */
export async function findWaitingForSignal(db: Queryable, runId: string, name: string) {
  return db.maybeOne(sql.type(z.object({ agentRunId: z.string(), payload: json }))`
    UPDATE "Signal" s SET "consumedBy" = a.id
    FROM (SELECT id FROM "AgentRun" WHERE "runId" = ${runId} AND status = 'RUNNING' AND "waitingFor" = 'signal'
      AND "waitingName" = ${name} ORDER BY "nodeIndex", "itemIndex" LIMIT 1) a
    WHERE s.id = (SELECT id FROM "Signal" WHERE "runId" = ${runId} AND name = ${name} AND "consumedBy" IS NULL
      ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING a.id AS "agentRunId", s.payload`);
}
