import { sql } from 'slonik';
import { z } from 'zod';
import type { Queryable } from '../pool.ts';
import { NO_ROWS } from '../no-rows.ts';

/** Places over all workers: what counts against them and whose turn it is is decided in sql/migrations/0007_limits.sql. */

export interface PoolLimit {
  readonly name: string;
  /** 0: no limit any more. */
  readonly maxConcurrent: number;
}

/** Makes the limits of these pools so; those of others stay. */
export async function savePoolLimits(db: Queryable, limits: readonly PoolLimit[]): Promise<void> {
  const given = JSON.stringify(limits);
  await db.query(sql.type(NO_ROWS)`
    WITH given AS (SELECT * FROM jsonb_to_recordset(${given}::jsonb) AS l(name text, "maxConcurrent" integer)),
      lifted AS (DELETE FROM "Pool" p USING given g WHERE p.name = g.name AND g."maxConcurrent" = 0)
    INSERT INTO "Pool" (name, "maxConcurrent") SELECT name, "maxConcurrent" FROM given WHERE "maxConcurrent" > 0
    ON CONFLICT (name) DO UPDATE SET "maxConcurrent" = excluded."maxConcurrent", "updatedAt" = now()`);
}

const waitingNode = z.object({
  agentRunId: z.string(),
  runId: z.string(),
  epoch: z.number(),
  versionId: z.number(),
  nodeIndex: z.number(),
  itemIndex: z.number().nullable(),
  lostAttempts: z.number(),
});
/** A node that waits for a place, as its job is found. */
export type WaitingNode = z.output<typeof waitingNode>;

const WAITING = sql.fragment`a.id AS "agentRunId", a."runId", w.epoch, w."versionId", a."nodeIndex", a."itemIndex", a."lostAttempts"`;

/** Under each limit the node whose turn it is, now that the run `served` has given a place back. */
export function findNextUnderLimits(
  db: Queryable,
  limits: readonly string[],
  served: string,
): Promise<readonly WaitingNode[]> {
  return db.any(sql.type(waitingNode)`
    SELECT ${WAITING}
    FROM engine_next_under_limits(${sql.array([...limits], 'text')}, (SELECT "workflowId" FROM "WorkflowRun" WHERE id = ${served})) n
    JOIN "AgentRun" a ON a.id = n."agentRunId" JOIN "WorkflowRun" w ON w.id = a."runId"`);
}

/** The limits under which nodes wait although there are free places. */
export function findUnusedPlaces(db: Queryable): Promise<readonly { readonly name: string; readonly free: number }[]> {
  return db.any(sql.type(z.object({ name: z.string(), free: z.number() }))`
    SELECT l.name, l.most - engine_limit_use(l.name) AS free
    FROM (SELECT 'agent ' || name AS name, "maxConcurrent" AS most FROM "Agent" WHERE "maxConcurrent" IS NOT NULL
      UNION ALL SELECT 'pool ' || name, "maxConcurrent" FROM "Pool") l
    WHERE EXISTS (SELECT FROM "AgentRun" a WHERE a."waitingFor" = 'limit' AND a."waitingName" = l.name)
      AND l.most > engine_limit_use(l.name)`);
}

/** Those that have waited longest under a limit. */
export function findWaitingUnderLimit(db: Queryable, name: string, limit: number): Promise<readonly WaitingNode[]> {
  return db.any(sql.type(waitingNode)`
    SELECT ${WAITING} FROM "AgentRun" a JOIN "WorkflowRun" w ON w.id = a."runId"
    WHERE a."waitingFor" = 'limit' AND a."waitingName" = ${name} AND w."pausedAt" IS NULL
    ORDER BY a."createdAt", a."itemIndex" LIMIT ${limit}`);
}
