import { sql } from 'slonik';
import { z } from 'zod';
import type { Json } from '../../contracts/json.ts';
import { NODE_STATUSES } from '../../contracts/statuses.ts';
import type { Queryable } from '../pool.ts';

const json: z.ZodType<Json> = z.any();

const inspection = z.object({
  agentRunId: z.string(),
  status: z.enum(NODE_STATUSES),
  itemIndex: z.number().nullable(),
  item: json,
  approval: json,
  input: json,
  waitingFor: z.string().nullable(),
  /** Open, ready, not waiting, in a run that may go on: a decision is due. */
  ready: z.boolean(),
  /** Its time to wait is over. */
  due: z.boolean(),
  depth: z.number(),
  projectId: z.string(),
  childRunId: z.string().nullable(),
  facts: z.object({
    id: z.string(),
    workflow: z.string(),
    version: z.number(),
    input: json,
    trigger: json,
    labels: json,
    createdAt: z.string(),
    startedAt: z.string().nullable(),
  }),
  nodes: z.record(z.string(), z.object({ status: z.enum(NODE_STATUSES), output: json, approval: json })),
});
/** A node before it is claimed, with everything a decision about it may read. */
export type Inspection = z.infer<typeof inspection>;

/**
 * Looks at a node that has something to decide before it runs. Its dependencies are settled when it is ready, so what is
 * read here does not change any more; the transition that follows checks again that the node is still open.
 * @returns null where the run, the node or the epoch is gone
 */
export async function inspectNode(
  db: Queryable,
  at: { readonly runId: string; readonly epoch: number; readonly nodeIndex: number; readonly agentRunId?: string },
  needs: readonly number[],
): Promise<Inspection | null> {
  return db.maybeOne(sql.type(inspection)`
    SELECT a.id AS "agentRunId", a.status, a."itemIndex", a.item, a.approval, a.input, a."waitingFor", a."childRunId", w.depth, w."projectId",
      a.status = 'PENDING' AND a.pending = 0 AND a.token IS NULL AND (a."wakeAt" IS NULL OR a."wakeAt" <= now())
        AND w."finishedAt" IS NULL AND w."pausedAt" IS NULL AND w."admittedAt" IS NOT NULL
        AND (w."cancelRequestedAt" IS NULL OR a."finally") AS ready,
      a.status = 'RUNNING' AND a."waitingFor" IS NOT NULL AND coalesce(a."wakeAt" <= now(), false) AND w."pausedAt" IS NULL AS due,
      jsonb_build_object('id', w.id, 'workflow', w."workflowName", 'version', w."workflowVersion", 'input', w.input,
        'trigger', w.trigger, 'labels', w.labels, 'createdAt', w."createdAt", 'startedAt', w."startedAt") AS facts,
      coalesce((
        SELECT jsonb_object_agg(d."nodeId", jsonb_build_object('status', d.status, 'approval', d.approval -> 'answer',
          'output', CASE WHEN d.status = 'SUCCESS' OR d."openItems" IS NOT NULL THEN d.output END))
        FROM "AgentRun" d WHERE d."runId" = w.id AND d."itemIndex" IS NULL AND d."nodeIndex" = ANY (${sql.array([...needs], 'int4')})
      ), '{}') AS nodes
    FROM "AgentRun" a JOIN "WorkflowRun" w ON w.id = a."runId"
    WHERE w.id = ${at.runId} AND w.epoch = ${at.epoch} AND ${
      at.agentRunId === undefined
        ? sql.fragment`a."nodeIndex" = ${at.nodeIndex} AND a."itemIndex" IS NULL`
        : sql.fragment`a.id = ${at.agentRunId}`
    }`);
}
