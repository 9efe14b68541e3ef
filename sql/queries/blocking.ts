import { sql } from 'slonik';
import { z } from 'zod';
import { NODE_STATUSES } from '../../contracts/statuses.ts';
import { mended } from '../mended.ts';
import type { Queryable } from '../pool.ts';
import { LOCK_WAIT, lockWait } from './locks.ts';

/** How long after its last heartbeat a worker counts as there. */
const WORKER_ALIVE = sql.fragment`interval '15 seconds'`;

/** A run that has a place, the one that got it first; `count` are all that have one. */
const holder = z.object({ runId: z.string(), since: z.string(), count: z.number() });

const blockingFacts = mended(
  'node',
  z.object({
    // the node
    nodeId: z.string(),
    itemIndex: z.number().nullable(),
    kind: z.string(),
    status: z.enum(NODE_STATUSES),
    held: z.boolean(),
    pending: z.number(),
    isFinally: z.boolean(),
    waitingFor: z.string().nullable(),
    waitingName: z.string().nullable(),
    wakeAt: z.date().nullable(),
    readyAt: z.date().nullable(),
    startedAt: z.date().nullable(),
    workerId: z.string().nullable(),
    childRunId: z.string().nullable(),
    openItems: z.number().nullable(),
    errorMessage: z.string().nullable(),
    // its run
    cancelRequestedAt: z.date().nullable(),
    admittedAt: z.date().nullable(),
    concurrencyKey: z.string().nullable(),
    concurrencyLimit: z.number().nullable(),
    pausedAt: z.date().nullable(),
    pausedBy: z.string().nullable(),
    openNodes: z.number(),
    // what it waits for
    openDependencies: z.array(z.object({ nodeId: z.string(), status: z.string() })),
    holder: holder.nullable(),
    /** `maxConcurrentRuns`, and who holds a place under it. */
    workflowLimit: z.number().nullable(),
    workflowHolder: holder.nullable(),
    approval: z.object({ id: z.string(), since: z.string() }).nullable(),
    lock: lockWait.nullable(),
    // who could run it
    pool: z.string(),
    workers: z.number(),
    agentName: z.string().nullable(),
    agentPausedAt: z.date().nullable(),
    agentPausedBy: z.string().nullable(),
    /** Of its agent and its pool, over all workers: `name` is `agent x` or `pool y`. */
    limits: z.array(z.object({ name: z.string(), most: z.number(), used: z.number() })),
  }),
);
/** Everything that can hold a node back, as Postgres knows it. */
export type BlockingFacts = z.output<typeof blockingFacts>;

/** Null when there is no such node. One round trip. */
export function findBlockingFacts(db: Queryable, agentRunId: string): Promise<BlockingFacts | null> {
  return db.maybeOne(sql.type(blockingFacts)`
    SELECT a."nodeId", a."itemIndex", a.kind, a.status, a.token IS NOT NULL AS held, a.pending, a."finally" AS "isFinally", a."waitingFor",
      a."waitingName", a."wakeAt", a."readyAt", a."startedAt", a."workerId", a."childRunId", a."openItems", a."errorMessage",
      w."cancelRequestedAt", w."admittedAt", w."concurrencyKey", w."concurrencyLimit", w."pausedAt", w."pausedBy", w."openNodes",
      (SELECT coalesce(json_agg(d), '[]') FROM (
        SELECT d."nodeId", d.status FROM "WorkflowEdge" e
        JOIN "AgentRun" d ON d."runId" = a."runId" AND d."nodeIndex" = e."from" AND d."itemIndex" IS NULL
        WHERE e."versionId" = w."versionId" AND e."to" = a."nodeIndex" AND a.pending > 0 AND a."itemIndex" IS NULL AND d."finishedAt" IS NULL
        ORDER BY d."nodeIndex" LIMIT 10) d) AS "openDependencies",
      (SELECT json_build_object('runId', h.id, 'since', h."admittedAt", 'count', h.count) FROM (
        SELECT id, "admittedAt", count(*) OVER () AS count FROM "WorkflowRun"
        WHERE w."admittedAt" IS NULL AND "concurrencyKey" = w."concurrencyKey" AND "finishedAt" IS NULL AND "admittedAt" IS NOT NULL
        ORDER BY "admittedAt" LIMIT 1) h) AS holder,
      f."maxConcurrentRuns" AS "workflowLimit",
      (SELECT json_build_object('runId', h.id, 'since', h."admittedAt", 'count', h.count) FROM (
        SELECT id, "admittedAt", count(*) OVER () AS count FROM "WorkflowRun"
        WHERE w."admittedAt" IS NULL AND "workflowId" = w."workflowId" AND "concurrencyKey" IS NOT NULL AND "finishedAt" IS NULL
          AND "admittedAt" IS NOT NULL
        ORDER BY "admittedAt" LIMIT 1) h) AS "workflowHolder",
      (SELECT json_build_object('id', p.id, 'since', p."requestedAt") FROM "Approval" p
        WHERE p."agentRunId" = a.id AND p.status = 'PENDING') AS approval,
      ${LOCK_WAIT} AS lock,
      n.pool,
      (SELECT count(*)::integer FROM "Worker" k WHERE k."stoppedAt" IS NULL AND k."heartbeatAt" > now() - ${WORKER_ALIVE}
        AND 'worker' = ANY (k.roles) AND (a.kind <> 'agent' OR n.pool = ANY (k.pools))) AS workers,
      a."agentName", g."pausedAt" AS "agentPausedAt", g."pausedBy" AS "agentPausedBy",
      (SELECT coalesce(json_agg(json_build_object('name', l.name, 'most', l.most, 'used', engine_limit_use(l.name))), '[]')
        FROM engine_limits_of(a."agentName", n.pool) l WHERE a.kind = 'agent') AS limits
    FROM "AgentRun" a
    JOIN "WorkflowRun" w ON w.id = a."runId"
    JOIN "WorkflowVersion" v ON v.id = w."versionId"
    LEFT JOIN "Agent" g ON g.name = a."agentName"
    LEFT JOIN "Workflow" f ON f.id = w."workflowId"
    CROSS JOIN LATERAL (SELECT coalesce(v.definition -> 'nodes' -> a."nodeIndex" ->> 'pool', g.manifest ->> 'pool', 'default') AS pool) n
    WHERE a.id = ${agentRunId}`);
}
