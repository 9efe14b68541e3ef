import { sql } from 'slonik';
import { z } from 'zod';
import type { Queryable } from '../pool.ts';
import { NO_ROWS } from '../no-rows.ts';

/** What the reconciler looks for. Each query is bounded, so that no pile of trouble makes a round long. */

const MOST_AT_ONCE = 200;

const expiredLease = z.object({
  runId: z.string(),
  agentRunId: z.string(),
  token: z.string(),
  nodeId: z.string(),
  nodeIndex: z.number(),
  itemIndex: z.number().nullable(),
  versionId: z.number(),
  epoch: z.number(),
  attempt: z.number(),
  lostAttempts: z.number(),
  workerId: z.string().nullable(),
});
export type ExpiredLease = z.infer<typeof expiredLease>;

/** Nodes whose worker has not been heard of: leases that ran out, and transforms that were claimed longer ago than one. */
export async function findExpiredLeases(db: Queryable, leaseSeconds: number): Promise<readonly ExpiredLease[]> {
  return db.any(sql.type(expiredLease)`
    SELECT a."runId", a.id AS "agentRunId", a.token, a."nodeId", a."nodeIndex", a."itemIndex", w."versionId", w.epoch, a.attempt, a."lostAttempts", a."workerId"
    FROM "AgentRun" a JOIN "WorkflowRun" w ON w.id = a."runId"
    WHERE a."leaseUntil" < now() AND a.token IS NOT NULL AND a."finishedAt" IS NULL
    UNION ALL
    SELECT a."runId", a.id, a.token, a."nodeId", a."nodeIndex", a."itemIndex", w."versionId", w.epoch, a.attempt, a."lostAttempts", a."workerId"
    FROM "WorkflowRun" w JOIN "AgentRun" a ON a."runId" = w.id
    WHERE w."finishedAt" IS NULL AND w."updatedAt" < now() - ${leaseSeconds} * interval '1 second'
      AND a.status = 'RUNNING' AND a.token IS NOT NULL AND a."leaseUntil" IS NULL
      AND coalesce(a."heartbeatAt", a."startedAt", a."createdAt") < now() - ${leaseSeconds} * interval '1 second'
      AND coalesce(a."startedAt", a."createdAt") < now() - ${leaseSeconds} * interval '1 second'
    LIMIT ${MOST_AT_ONCE}`);
}

const dueNode = z.object({
  runId: z.string(),
  agentRunId: z.string(),
  nodeId: z.string(),
  nodeIndex: z.number(),
  itemIndex: z.number().nullable(),
  versionId: z.number(),
  epoch: z.number(),
  status: z.string(),
  waitingFor: z.string().nullable(),
  expiresAs: z.string().nullable(),
  approvalId: z.string().nullable(),
  onTimeout: z.enum(['reject', 'approve']).nullable(),
});
export type DueNode = z.infer<typeof dueNode>;

/** Nodes whose time to wait has been over for a second: their job should have looked. */
export async function findDueNodes(db: Queryable): Promise<readonly DueNode[]> {
  return db.any(sql.type(dueNode)`
    SELECT a."runId", a.id AS "agentRunId", a."nodeId", a."nodeIndex", a."itemIndex", w."versionId", w.epoch, a.status, a."waitingFor",
      a."expiresAs", NULL AS "approvalId", NULL AS "onTimeout"
    FROM "AgentRun" a JOIN "WorkflowRun" w ON w.id = a."runId"
    WHERE a."wakeAt" < now() - interval '1 second' AND a."finishedAt" IS NULL AND a.status = 'RUNNING'
      AND a.token IS NULL AND w."finishedAt" IS NULL AND w."pausedAt" IS NULL
    ORDER BY a."wakeAt" LIMIT ${MOST_AT_ONCE}`);
}

/** Nodes that nobody runs and whose time limit is over. */
export async function findExpiredNodes(db: Queryable): Promise<readonly DueNode[]> {
  return db.any(sql.type(dueNode)`
    SELECT a."runId", a.id AS "agentRunId", a."nodeId", a."nodeIndex", a."itemIndex", w."versionId", w.epoch, a.status, a."waitingFor",
      a."expiresAs", p.id AS "approvalId", p."onTimeout"
    FROM "AgentRun" a JOIN "WorkflowRun" w ON w.id = a."runId"
    LEFT JOIN "Approval" p ON p."agentRunId" = a.id AND p.status = 'PENDING'
    WHERE a."expiresAt" < now() AND a."finishedAt" IS NULL AND a.token IS NULL AND w."finishedAt" IS NULL
    ORDER BY a."expiresAt" LIMIT ${MOST_AT_ONCE}`);
}

/** Runs past their deadline that nobody has asked to end. */
export async function findOverdueRuns(db: Queryable): Promise<readonly { id: string; seconds: number }[]> {
  return db.any(sql.type(z.object({ id: z.string(), seconds: z.number() }))`
    SELECT id, extract(epoch FROM "deadlineAt" - "createdAt") AS seconds FROM "WorkflowRun"
    WHERE "deadlineAt" < now() AND "finishedAt" IS NULL AND "cancelRequestedAt" IS NULL LIMIT ${MOST_AT_ONCE}`);
}

const stoppedRun = z.object({ runId: z.string(), epoch: z.number(), versionId: z.number() });

/** Runs that were ended by hand in SQL and whose jobs are still in the queues. */
export async function findRunsToCleanUp(db: Queryable) {
  return db.any(sql.type(stoppedRun)`
    SELECT id AS "runId", epoch, "versionId" FROM "WorkflowRun" WHERE "cleanupNeeded" LIMIT ${MOST_AT_ONCE}`);
}

export async function markCleanedUp(db: Queryable, runId: string): Promise<void> {
  await db.query(sql.type(NO_ROWS)`UPDATE "WorkflowRun" SET "cleanupNeeded" = false WHERE id = ${runId}`);
}

const quietRun = z.object({
  runId: z.string(),
  epoch: z.number(),
  versionId: z.number(),
  cancelling: z.boolean(),
  paused: z.boolean(),
  openNodes: z.number(),
  openFinally: z.number(),
  /** Nodes that are ready and that nobody runs. */
  ready: z.array(
    z.object({
      nodeIndex: z.number(),
      nodeId: z.string(),
      itemIndex: z.number().nullable(),
      agentRunId: z.string(),
      lostAttempts: z.number(),
    }),
  ),
  /** Open nodes of a run that is being cancelled, which nobody runs. */
  abandoned: z.array(z.string()),
  settled: z.array(z.number()),
});
export type QuietRun = z.infer<typeof quietRun>;

/**
 * Open runs without any progress for `quietSeconds`, after `cursor`: those in which something may be missing.
 * At most 50 ready nodes of each: they have a next round.
 */
export async function findQuietRuns(db: Queryable, quietSeconds: number, cursor: string): Promise<readonly QuietRun[]> {
  return db.any(sql.type(quietRun)`
    SELECT w.id AS "runId", w.epoch, w."versionId", w."cancelRequestedAt" IS NOT NULL AS cancelling, w."pausedAt" IS NOT NULL AS paused,
      w."openNodes", w."openFinally", n.ready, n.abandoned, n.settled
    FROM (
      SELECT * FROM "WorkflowRun" WHERE "finishedAt" IS NULL AND "admittedAt" IS NOT NULL AND id > ${cursor}
        AND "updatedAt" < now() - ${quietSeconds} * interval '1 second' ORDER BY id LIMIT ${MOST_AT_ONCE}
    ) w CROSS JOIN LATERAL (
      SELECT
        coalesce((jsonb_agg(jsonb_build_object('nodeIndex', a."nodeIndex", 'nodeId', a."nodeId", 'itemIndex', a."itemIndex", 'agentRunId', a.id, 'lostAttempts', a."lostAttempts"))
          FILTER (WHERE a.status = 'PENDING' AND a.pending = 0 AND a.token IS NULL
            AND coalesce(a."wakeAt", a."readyAt", a."createdAt") < now() - ${quietSeconds} * interval '1 second')), '[]') AS ready,
        coalesce(jsonb_agg(a.id) FILTER (WHERE a."finishedAt" IS NULL AND a.token IS NULL AND NOT a."finally"
          AND w."cancelRequestedAt" IS NOT NULL AND coalesce(a."openItems", 0) = 0), '[]') AS abandoned,
        coalesce(jsonb_agg(a."nodeIndex") FILTER (WHERE a."finishedAt" IS NOT NULL AND a."itemIndex" IS NULL), '[]') AS settled
      FROM "AgentRun" a WHERE a."runId" = w.id
    ) n`);
}

const miscounted = z.object({ agentRunId: z.string(), runId: z.string(), nodeId: z.string() });

/** Open nodes that wait for dependencies although all of them are settled: a bug of ours, put right and counted. */
export async function readyMiscounted(db: Queryable, runIds: readonly string[]) {
  return db.any(sql.type(miscounted)`
    WITH locked AS (
      SELECT id, "versionId" FROM "WorkflowRun" WHERE id = ANY (${sql.array([...runIds], 'uuid')}) AND "finishedAt" IS NULL
      ORDER BY id FOR NO KEY UPDATE
    ), miscounted AS (
      SELECT n.id, count(*) FILTER (WHERE s.status = 'SUCCESS') AS succeeded, count(*) FILTER (WHERE s.status = 'FAILED') AS failed,
        count(*) FILTER (WHERE s.status = 'SKIPPED') AS skipped
      FROM locked w
      JOIN "AgentRun" n ON n."runId" = w.id AND n.status = 'PENDING' AND n.pending > 0 AND n."itemIndex" IS NULL AND NOT n."finally"
      JOIN "WorkflowEdge" e ON e."versionId" = w."versionId" AND e."to" = n."nodeIndex"
      JOIN "AgentRun" s ON s."runId" = w.id AND s."nodeIndex" = e."from" AND s."itemIndex" IS NULL
      GROUP BY n.id HAVING count(*) FILTER (WHERE s."finishedAt" IS NULL) = 0
    )
    UPDATE "AgentRun" a SET pending = 0, "readyAt" = now(), "updatedAt" = now(),
      "succeededDependencies" = m.succeeded, "failedDependencies" = m.failed, "skippedDependencies" = m.skipped
    FROM miscounted m WHERE a.id = m.id
    RETURNING a.id AS "agentRunId", a."runId", a."nodeId"`);
}

const orphanChild = z.object({
  runId: z.string(),
  agentRunId: z.string(),
  childRunId: z.string(),
  input: z.any(),
  nodeIndex: z.number(),
  versionId: z.number(),
  depth: z.number(),
  projectId: z.string(),
  childStatus: z.string().nullable(),
  cancelling: z.boolean(),
});

/** Nodes that wait for a sub-workflow that has ended, or that never began. */
export async function findForgottenChildren(db: Queryable) {
  return db.any(sql.type(orphanChild)`
    SELECT a."runId", a.id AS "agentRunId", a."childRunId", a.input, a."nodeIndex", w."versionId", w.depth, w."projectId", c.status AS "childStatus",
      w."cancelRequestedAt" IS NOT NULL AS cancelling
    FROM "AgentRun" a JOIN "WorkflowRun" w ON w.id = a."runId" LEFT JOIN "WorkflowRun" c ON c.id = a."childRunId"
    WHERE a."childRunId" IS NOT NULL AND a."finishedAt" IS NULL AND a."updatedAt" < now() - interval '2 seconds'
      AND (c.id IS NULL OR c."finishedAt" < now() - interval '1 second')
    LIMIT ${MOST_AT_ONCE}`);
}

/** Open sub-workflow runs whose parent run, or the node that started them, has ended or is being cancelled. */
export async function findOrphanRuns(db: Queryable): Promise<readonly { id: string; parentRunId: string }[]> {
  return db.any(sql.type(z.object({ id: z.string(), parentRunId: z.string() }))`
    SELECT c.id, c."parentRunId" FROM "WorkflowRun" c JOIN "WorkflowRun" p ON p.id = c."parentRunId"
    LEFT JOIN "AgentRun" a ON a.id = c."parentAgentRunId"
    WHERE c."parentRunId" IS NOT NULL AND c."finishedAt" IS NULL AND c."cancelRequestedAt" IS NULL
      AND (p."finishedAt" IS NOT NULL OR p."cancelRequestedAt" IS NOT NULL OR a."finishedAt" IS NOT NULL)
    LIMIT ${MOST_AT_ONCE}`);
}

/** Admits runs that wait under a concurrency limit where there is a place. */
export async function admitWaiting(db: Queryable): Promise<readonly string[]> {
  const rows = await db.any(sql.type(z.object({ id: z.string() }))`
    SELECT unnest(engine_admit(key)) AS id FROM (
      SELECT DISTINCT "concurrencyKey" AS key FROM "WorkflowRun"
      WHERE "concurrencyKey" IS NOT NULL AND "finishedAt" IS NULL AND "admittedAt" IS NULL LIMIT ${MOST_AT_ONCE}) k`);
  return rows.map(({ id }) => id);
}

export async function countRepair(db: Queryable, kind: string, subject: string): Promise<void> {
  await db.query(sql.type(NO_ROWS)`
    INSERT INTO "Repair" (kind, count, "lastSubject") VALUES (${kind}, 1, ${subject})
    ON CONFLICT (kind) DO UPDATE SET count = "Repair".count + 1, "lastAt" = now(), "lastSubject" = excluded."lastSubject"`);
}

/** Milliseconds since the server was started, or has recovered from a crash. */
export async function databaseUptimeMs(db: Queryable): Promise<number> {
  return db.oneFirst(sql.type(z.object({ ms: z.number() }))`
    SELECT extract(epoch FROM clock_timestamp() - least(pg_postmaster_start_time(), clock_timestamp())) * 1000 AS ms`);
}

/** The epochs of those of the runs that are open. */
export async function findCurrentEpochs(
  db: Queryable,
  runIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await db.any(sql.type(z.object({ id: z.string(), epoch: z.number() }))`
    SELECT id, epoch FROM "WorkflowRun" WHERE id = ANY (${sql.array([...runIds], 'uuid')}) AND "finishedAt" IS NULL`);
  return new Map(rows.map(({ id, epoch }) => [id, epoch]));
}
