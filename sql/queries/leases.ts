import { sql } from 'slonik';
import { z } from 'zod';
import type { Queryable } from '../pool.ts';
import { toJsonText } from '../storable.ts';
import { NO_ROWS } from '../no-rows.ts';

const renewedLease = z.object({ token: z.string(), cancelRequested: z.boolean() });

/**
 * Renews leases, and answers by token. What is missing from the answer is no longer the caller's: another claim (also
 * one of the same worker), a settle, an operator's UPDATE.
 */
export async function renewLeases(
  db: Queryable,
  held: readonly { readonly agentRunId: string; readonly token: string }[],
  leaseSeconds: number,
): Promise<ReadonlyMap<string, { readonly cancelRequested: boolean }>> {
  const asked = held.map(({ agentRunId, token }) => ({ agentRunId, token }));
  const rows = await db.any(sql.type(renewedLease)`
    UPDATE "AgentRun" a SET "heartbeatAt" = now(), "leaseUntil" = now() + ${leaseSeconds} * interval '1 second'
    FROM jsonb_to_recordset(${toJsonText(asked)}::jsonb) AS h("agentRunId" uuid, token uuid), "WorkflowRun" w
    WHERE a.id = h."agentRunId" AND a.token = h.token AND a."finishedAt" IS NULL AND w.id = a."runId"
    RETURNING a.token, w."cancelRequestedAt" IS NOT NULL AS "cancelRequested"`);
  return new Map(rows.map(({ token, cancelRequested }) => [token, { cancelRequested }]));
}

/** Shows the resolved input while the agent runs. False where the node is no longer the caller's. */
export async function saveInput(db: Queryable, agentRunId: string, token: string, input: unknown): Promise<boolean> {
  const { rowCount } = await db.query(sql.type(NO_ROWS)`
    UPDATE "AgentRun" SET input = ${toJsonText(input as object)}::jsonb
    WHERE id = ${agentRunId} AND token = ${token} AND "finishedAt" IS NULL`);
  return rowCount > 0;
}

/** Shows how far the agent says it is. */
export async function saveProgress(db: Queryable, agentRunId: string, token: string, progress: object): Promise<void> {
  await db.query(sql.type(NO_ROWS)`
    UPDATE "AgentRun" SET progress = ${toJsonText(progress)}::jsonb WHERE id = ${agentRunId} AND token = ${token}
      AND "finishedAt" IS NULL`);
}
