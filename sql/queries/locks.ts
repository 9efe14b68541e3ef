import { sql } from 'slonik';
import { z } from 'zod';
import type { Queryable } from '../pool.ts';
import { toJsonText } from '../storable.ts';

export interface LockRequest {
  readonly agentRunId: string;
  readonly runId: string;
  readonly nodeId: string;
  readonly workerId: string;
  readonly leaseSeconds: number;
  readonly locks: readonly { readonly key: string; readonly mode: 'shared' | 'exclusive' }[];
}

const holder = z.object({ key: z.string(), runId: z.string(), nodeId: z.string() });
export type LockHolder = z.output<typeof holder>;

/**
 * Takes all locks of a node, or none. @returns null when it has them, else who is in the way.
 * The keys are locked against each other in their order, so that two who want the same several cannot wait for each other.
 */
export function acquireLocks(db: Queryable, request: LockRequest): Promise<LockHolder | null> {
  const { agentRunId, runId, nodeId, workerId, leaseSeconds, locks } = request;
  const wanted = toJsonText(locks);
  return db.transaction(async (transaction) => {
    await transaction.query(sql.type(z.object({}))`
      SELECT pg_advisory_xact_lock(hashtextextended('TargetLock ' || key, 0)) FROM (
        SELECT DISTINCT key FROM jsonb_to_recordset(${wanted}::jsonb) AS l(key text) ORDER BY 1) k`);
    const [inTheWay] = await transaction.any(sql.type(holder)`
      SELECT h.key, h."runId", h."nodeId" FROM "TargetLock" h JOIN jsonb_to_recordset(${wanted}::jsonb) AS l(key text, mode text) USING (key)
      WHERE h."agentRunId" <> ${agentRunId} AND (h.mode = 'exclusive' OR l.mode = 'exclusive') ORDER BY h."acquiredAt" LIMIT 1`);
    if (inTheWay) return inTheWay;
    await transaction.query(sql.type(z.object({}))`
      INSERT INTO "TargetLock" (key, "agentRunId", "runId", "nodeId", mode, "workerId", "leaseUntil")
      SELECT key, ${agentRunId}, ${runId}, ${nodeId}, min(mode), ${workerId}, now() + ${leaseSeconds} * interval '1 second'
      FROM jsonb_to_recordset(${wanted}::jsonb) AS l(key text, mode text) GROUP BY key
      ON CONFLICT (key, "agentRunId") DO UPDATE SET "workerId" = excluded."workerId", "leaseUntil" = excluded."leaseUntil"`);
    return null;
  });
}

/** Gives back what these nodes hold. */
export async function releaseLocks(db: Queryable, agentRunIds: readonly string[]): Promise<void> {
  await db.query(sql.type(z.object({}))`
    DELETE FROM "TargetLock" WHERE "agentRunId" = ANY (${sql.array([...agentRunIds], 'uuid')})`);
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
