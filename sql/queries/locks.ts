import { sql } from 'slonik';
import { z } from 'zod';
import type { Queryable } from '../pool.ts';
import { toJsonText } from '../storable.ts';
import { NO_ROWS } from '../no-rows.ts';

export interface LockRequest {
  readonly agentRunId: string;
  readonly runId: string;
  readonly nodeId: string;
  readonly workerId: string;
  readonly leaseSeconds: number;
  readonly locks: readonly { readonly key: string; readonly mode: 'shared' | 'exclusive' }[];
}

const obstacle = z.object({ key: z.string(), mode: z.enum(['shared', 'exclusive']) });
/** A lock that a node wants and others hold; the mode is the wanted one. */
export type LockObstacle = z.output<typeof obstacle>;

/**
 * Takes all locks of a node, or none. @returns null when it has them, else the one that is in the way, which is noted.
 * The keys are locked against each other in their order, so that two who want the same several cannot wait for each other.
 */
export function acquireLocks(db: Queryable, request: LockRequest): Promise<LockObstacle | null> {
  const { agentRunId, runId, nodeId, workerId, leaseSeconds, locks } = request;
  const wanted = toJsonText(locks);
  return db.transaction(async (transaction) => {
    await transaction.query(sql.type(NO_ROWS)`
      SELECT pg_advisory_xact_lock(hashtextextended('TargetLock ' || key, 0)) FROM (
        SELECT DISTINCT key FROM jsonb_to_recordset(${wanted}::jsonb) AS l(key text) ORDER BY 1) k`);
    const [inTheWay] = await transaction.any(sql.type(obstacle)`
      SELECT l.key, l.mode FROM "TargetLock" h JOIN jsonb_to_recordset(${wanted}::jsonb) AS l(key text, mode text) USING (key)
      WHERE h."agentRunId" <> ${agentRunId} AND (h.mode = 'exclusive' OR l.mode = 'exclusive') ORDER BY h."acquiredAt" LIMIT 1`);
    if (inTheWay) {
      await noteWait(transaction, agentRunId, inTheWay);
      return inTheWay;
    }
    await forgetWait(transaction, agentRunId);
    await transaction.query(sql.type(NO_ROWS)`
      INSERT INTO "TargetLock" (key, "agentRunId", "runId", "nodeId", mode, "workerId", "leaseUntil")
      SELECT key, ${agentRunId}, ${runId}, ${nodeId}, min(mode), ${workerId}, now() + ${leaseSeconds} * interval '1 second'
      FROM jsonb_to_recordset(${wanted}::jsonb) AS l(key text, mode text) GROUP BY key
      ON CONFLICT (key, "agentRunId") DO UPDATE SET "workerId" = excluded."workerId", "leaseUntil" = excluded."leaseUntil"`);
    return null;
  });
}

/** Looking again, every second, writes nothing new. */
async function noteWait(db: Queryable, agentRunId: string, { key, mode }: LockObstacle): Promise<void> {
  await db.query(sql.type(NO_ROWS)`
    INSERT INTO "TargetLockWait" AS w ("agentRunId", key, mode) VALUES (${agentRunId}, ${key}, ${mode})
    ON CONFLICT ("agentRunId") DO UPDATE SET key = excluded.key, mode = excluded.mode WHERE (w.key, w.mode) <> (excluded.key, excluded.mode)`);
}

async function forgetWait(db: Queryable, agentRunId: string): Promise<void> {
  await db.query(sql.type(NO_ROWS)`DELETE FROM "TargetLockWait" WHERE "agentRunId" = ${agentRunId}`);
}

/** What node `a` waits for, and who has held it longest; null where it waits for no lock. */
export const LOCK_WAIT = sql.fragment`(
  SELECT json_build_object('key', q.key, 'mode', q.mode, 'since', q.since, 'holder', (
    SELECT json_build_object('runId', h."runId", 'workflowName', hw."workflowName", 'nodeId', h."nodeId", 'since', h."acquiredAt")
    FROM "TargetLock" h JOIN "WorkflowRun" hw ON hw.id = h."runId"
    WHERE h.key = q.key AND h."agentRunId" <> q."agentRunId" AND 'exclusive' IN (h.mode, q.mode) ORDER BY h."acquiredAt" LIMIT 1))
  FROM "TargetLockWait" q WHERE q."agentRunId" = a.id)`;

export const lockWait = z.object({
  key: z.string(),
  mode: z.enum(['shared', 'exclusive']),
  /** Times are as Postgres writes them into JSON. */
  since: z.string(),
  /** Null when it has just been given back. */
  holder: z.object({ runId: z.string(), workflowName: z.string(), nodeId: z.string(), since: z.string() }).nullable(),
});
export type LockWait = z.output<typeof lockWait>;

/** Gives back what these nodes hold. */
export async function releaseLocks(db: Queryable, agentRunIds: readonly string[]): Promise<void> {
  await db.query(sql.type(NO_ROWS)`
    DELETE FROM "TargetLock" WHERE "agentRunId" = ANY (${sql.array([...agentRunIds], 'uuid')})`);
}

/** Forgets the waits of nodes that have ended without their locks: cancelled, or out of time. */
export async function forgetOverWaits(db: Queryable): Promise<void> {
  await db.query(sql.type(NO_ROWS)`
    DELETE FROM "TargetLockWait" q WHERE NOT EXISTS (SELECT FROM "AgentRun" a WHERE a.id = q."agentRunId" AND a."finishedAt" IS NULL)`);
}

/**
 * Gives back what nobody needs any more: locks of nodes that are settled or gone, and of nodes that no worker runs once their
 * lease is over. A node that runs keeps its locks for as long as the engine leaves it its claim.
 */
export async function releaseLeakedLocks(db: Queryable): Promise<readonly string[]> {
  return db.anyFirst(sql.type(z.object({ key: z.string() }))`
    DELETE FROM "TargetLock" l WHERE NOT EXISTS (SELECT FROM "AgentRun" a WHERE a.id = l."agentRunId" AND a."finishedAt" IS NULL
      AND (a.token IS NOT NULL OR l."leaseUntil" > now())) RETURNING key`);
}

const lockRow = z.object({
  key: z.string(),
  mode: z.enum(['shared', 'exclusive']),
  runId: z.string(),
  workflowId: z.string(),
  workflowName: z.string(),
  nodeId: z.string(),
  agentRunId: z.string(),
  workerId: z.string(),
  acquiredAt: z.date(),
  leaseUntil: z.date(),
});

/** Who holds which target, the newest first. */
export function listLocks(db: Queryable, limit: number): Promise<readonly z.output<typeof lockRow>[]> {
  return db.any(sql.type(lockRow)`
    SELECT l.key, l.mode, l."runId", w."workflowId", w."workflowName", l."nodeId", l."agentRunId", l."workerId", l."acquiredAt", l."leaseUntil"
    FROM "TargetLock" l JOIN "WorkflowRun" w ON w.id = l."runId" ORDER BY l."acquiredAt" DESC, l.key LIMIT ${limit}`);
}
