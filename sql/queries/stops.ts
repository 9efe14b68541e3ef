import { sql } from 'slonik';
import { z } from 'zod';
import type { Queryable } from '../pool.ts';

/** Of a cancelled run, the nodes that a worker stopped: milliseconds from the request to the stop, by agent run id. */
export async function findStops(db: Queryable, runId: string): Promise<ReadonlyMap<string, number>> {
  const rows = await db.any(sql.type(z.object({ id: z.string(), ms: z.number() }))`
    SELECT a.id, round(greatest(0, extract(epoch FROM a."finishedAt" - w."cancelRequestedAt") * 1000))::integer AS ms
    FROM "AgentRun" a JOIN "WorkflowRun" w ON w.id = a."runId" WHERE w.id = ${runId} AND a."finishedAt" IS NOT NULL
      AND w."cancelRequestedAt" IS NOT NULL`);
  return new Map(rows.map(({ id, ms }) => [id, ms]));
}
