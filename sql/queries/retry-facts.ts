import { sql } from 'slonik';
import { z } from 'zod';
import type { Json } from '../../contracts/json.ts';
import { NODE_STATUSES, RUN_STATUSES } from '../../contracts/statuses.ts';
import type { Queryable } from '../pool.ts';
import { runNotFound } from './engine.ts';

const json: z.ZodType<Json> = z.any();

const retryFacts = z.object({
  runId: z.string(),
  status: z.enum(RUN_STATUSES),
  workflowId: z.string(),
  workflowName: z.string(),
  workflowVersion: z.number(),
  versionId: z.number(),
  projectId: z.string(),
  input: json,
  labels: z.record(z.string(), z.string()).catch({}),
  nodes: z.array(
    z.object({
      nodeIndex: z.number(),
      status: z.enum(NODE_STATUSES),
      output: json,
      copiedFromRunId: z.string().nullable(),
    }),
  ),
});
export type RetryFacts = z.infer<typeof retryFacts>;

/**
 * A run as retrying it needs it.
 * @throws AppError NOT_FOUND
 */
export async function findRetryFacts(db: Queryable, runId: string): Promise<RetryFacts> {
  const row = await db.maybeOne(sql.type(retryFacts)`
    SELECT w.id AS "runId", w.status, w."workflowId", w."workflowName", w."workflowVersion", w."versionId", w."projectId", w.input, w.labels,
      coalesce((SELECT jsonb_agg(jsonb_build_object('nodeIndex', a."nodeIndex", 'status', a.status, 'output', a.output,
        'copiedFromRunId', a."copiedFromRunId")) FROM "AgentRun" a WHERE a."runId" = w.id AND a."itemIndex" IS NULL), '[]') AS nodes
    FROM "WorkflowRun" w WHERE w.id = ${runId}`);
  if (row === null) throw runNotFound(runId);
  return row;
}

/** The node rows of a run that was just made: agent run id by node index. */
export async function findNewNodes(db: Queryable, runId: string): Promise<ReadonlyMap<number, string>> {
  const rows = await db.any(sql.type(z.object({ id: z.string(), nodeIndex: z.number() }))`
    SELECT id, "nodeIndex" FROM "AgentRun" WHERE "runId" = ${runId} AND "itemIndex" IS NULL`);
  return new Map(rows.map(({ id, nodeIndex }) => [nodeIndex, id]));
}

const succeededItem = z.object({
  itemIndex: z.number(),
  item: json,
  output: json,
  copiedFromRunId: z.string().nullable(),
});

/** The instances of a forEach node that succeeded in an earlier run. */
export async function findSucceededItems(db: Queryable, runId: string, nodeId: string) {
  return db.any(sql.type(succeededItem)`
    SELECT "itemIndex", item, output, "copiedFromRunId" FROM "AgentRun"
    WHERE "runId" = ${runId} AND "nodeId" = ${nodeId} AND "itemIndex" IS NOT NULL AND status = 'SUCCESS'`);
}

const openItem = z.object({ agentRunId: z.string(), itemIndex: z.number(), item: json });

/** The instances of a forEach node that nobody has begun. */
export async function findOpenItems(db: Queryable, runId: string, nodeIndex: number) {
  return db.any(sql.type(openItem)`
    SELECT id AS "agentRunId", "itemIndex", item FROM "AgentRun"
    WHERE "runId" = ${runId} AND "nodeIndex" = ${nodeIndex} AND "itemIndex" IS NOT NULL AND "finishedAt" IS NULL AND token IS NULL`);
}
