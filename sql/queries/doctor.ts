import { sql } from 'slonik';
import { z } from 'zod';
import { NODE_STATUSES } from '../../contracts/statuses.ts';
import { mended } from '../mended.ts';
import type { Queryable } from '../pool.ts';

/** A worker marks itself every 5 s. */
const WORKER_ALIVE = sql.fragment`interval '15 seconds'`;
/** What became ready just now has its job on the way. */
const SETTLED_DOWN = sql.fragment`interval '2 seconds'`;

const openNode = mended(
  'node',
  z.object({
    runId: z.string(),
    workflowName: z.string(),
    agentRunId: z.string(),
    nodeId: z.string(),
    nodeIndex: z.number(),
    itemIndex: z.number().nullable(),
    versionId: z.number(),
    epoch: z.number(),
    status: z.enum(NODE_STATUSES),
    attempt: z.number(),
    lostAttempts: z.number(),
    waitingFor: z.string().nullable(),
    /** Some worker should take it now, and should have for two seconds. */
    ready: z.boolean(),
    /** All the others of its run are one more for a finally node. */
    openDependencies: z.number(),
    /** Dependencies that it waits for by its own count. */
    pending: z.number(),
    held: z.boolean(),
    leaseUntil: z.date().nullable(),
    leaseExpired: z.boolean(),
    workerId: z.string().nullable(),
    workerAlive: z.boolean(),
    updatedAt: z.date(),
  }),
);
/** A node that has not ended, as Postgres knows it. */
export type OpenNode = z.output<typeof openNode>;

/** Open nodes, those without progress for longest first. */
export function findOpenNodes(
  db: Queryable,
  { runId, limit }: { readonly runId?: string | undefined; readonly limit: number },
): Promise<readonly OpenNode[]> {
  return db.any(sql.type(openNode)`
    SELECT a."runId", w."workflowName", a.id AS "agentRunId", a."nodeId", a."nodeIndex", a."itemIndex", w."versionId", w.epoch,
      a.status, a.attempt, a."lostAttempts", a."waitingFor", a.pending, a."updatedAt", a."workerId", a."leaseUntil",
      a.status = 'PENDING' AND a.pending = 0 AND a.token IS NULL AND w."pausedAt" IS NULL AND w."admittedAt" IS NOT NULL
        AND coalesce(a."wakeAt", a."readyAt", a."createdAt") < now() - ${SETTLED_DOWN} AS ready,
      (SELECT count(*)::integer FROM "WorkflowEdge" e
        JOIN "AgentRun" d ON d."runId" = a."runId" AND d."nodeIndex" = e."from" AND d."itemIndex" IS NULL
        WHERE e."versionId" = w."versionId" AND e."to" = a."nodeIndex" AND d."finishedAt" IS NULL)
        + CASE WHEN a."finally" AND NOT w."finallyReleased" THEN 1 ELSE 0 END AS "openDependencies",
      a.token IS NOT NULL AS held, coalesce(a."leaseUntil" < now(), false) AS "leaseExpired",
      coalesce(k."stoppedAt" IS NULL AND k."heartbeatAt" > now() - ${WORKER_ALIVE}, false) AS "workerAlive"
    FROM "WorkflowRun" w JOIN "AgentRun" a ON a."runId" = w.id LEFT JOIN "Worker" k ON k.id = a."workerId"
    WHERE w."finishedAt" IS NULL AND a."finishedAt" IS NULL AND (${runId ?? null}::uuid IS NULL OR w.id = ${runId ?? null}::uuid)
    ORDER BY a."updatedAt", a.id LIMIT ${limit}`);
}
