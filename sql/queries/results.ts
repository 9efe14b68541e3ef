import { sql } from 'slonik';
import { z } from 'zod';
import type { Json } from '../../contracts/json.ts';
import { NODE_STATUSES, RUN_STATUSES } from '../../contracts/statuses.ts';
import type { Queryable } from '../pool.ts';
import { runNotFound } from './engine.ts';

/** Reads of a run that the engine makes between its transitions. */

const json: z.ZodType<Json> = z.any();

const runRow = z.object({
  versionId: z.number(),
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

/**
 * A run's facts and the results of its nodes by id.
 * @param nodeIndices only these nodes; all where absent
 * @throws AppError NOT_FOUND
 */
export async function findResults(
  db: Queryable,
  runId: string,
  nodeIndices?: readonly number[],
): Promise<z.infer<typeof runRow>> {
  const row = await db.maybeOne(sql.type(runRow)`
    SELECT w."versionId",
      jsonb_build_object('id', w.id, 'workflow', w."workflowName", 'version', w."workflowVersion", 'input', w.input,
        'trigger', w.trigger, 'labels', w.labels, 'createdAt', w."createdAt", 'startedAt', w."startedAt") AS facts,
      coalesce((
        SELECT jsonb_object_agg(a."nodeId", jsonb_build_object('status', a.status, 'approval', a.approval -> 'answer',
          'output', CASE WHEN a.status = 'SUCCESS' OR a."openItems" IS NOT NULL THEN a.output END))
        FROM "AgentRun" a WHERE a."runId" = w.id AND a."itemIndex" IS NULL
          AND (${nodeIndices === undefined} OR a."nodeIndex" = ANY (${sql.array([...(nodeIndices ?? [])], 'int4')}))
      ), '{}') AS nodes
    FROM "WorkflowRun" w WHERE w.id = ${runId}`);
  if (row === null) throw runNotFound(runId);
  return row;
}

const runResult = z.object({
  status: z.enum(RUN_STATUSES),
  output: json,
  errorMessage: z.string().nullable(),
  workflowName: z.string(),
});

/** @throws AppError NOT_FOUND */
export async function findRunResult(db: Queryable, runId: string): Promise<z.infer<typeof runResult>> {
  const row = await db.maybeOne(
    sql.type(runResult)`SELECT status, output, "errorMessage", "workflowName" FROM "WorkflowRun" WHERE id = ${runId}`,
  );
  if (row === null) throw runNotFound(runId);
  return row;
}

const dispatchFacts = z.object({
  runId: z.string(),
  epoch: z.number(),
  versionId: z.number(),
  settled: z.array(z.number()),
});

/** What adding the flow of an open run takes; null when the run has ended. */
export async function findDispatchFacts(db: Queryable, runId: string) {
  const row = await db.maybeOne(sql.type(dispatchFacts)`
    SELECT id AS "runId", epoch, "versionId", ARRAY(
      SELECT a."nodeIndex" FROM "AgentRun" a WHERE a."runId" = w.id AND a."itemIndex" IS NULL AND a."finishedAt" IS NOT NULL) AS settled
    FROM "WorkflowRun" w WHERE id = ${runId} AND "finishedAt" IS NULL`);
  if (row === null) return null;
  const { settled, ...run } = row;
  return { ...run, settled: settled.length > 0 ? new Set(settled) : undefined };
}

const epochRow = z.object({ epoch: z.number() });

/**
 * Takes the next epoch for a run, unless somebody else has: the flow that is then added is the current one, and jobs of
 * older ones do nothing. Null when the epoch was no longer `from` or the run has ended.
 */
export async function raiseEpoch(db: Queryable, runId: string, from: number): Promise<number | null> {
  return db.maybeOneFirst(sql.type(epochRow)`
    UPDATE "WorkflowRun" SET epoch = epoch + 1, "updatedAt" = now()
    WHERE id = ${runId} AND epoch = ${from} AND "finishedAt" IS NULL RETURNING epoch`);
}

const openCounts = z.object({ openNodes: z.number(), openFinally: z.number() });

/** How many nodes of an open run are open; null when it has ended or is in another epoch. */
export async function findOpenCounts(db: Queryable, runId: string, epoch: number) {
  return db.maybeOne(sql.type(openCounts)`
    SELECT "openNodes", "openFinally" FROM "WorkflowRun" WHERE id = ${runId} AND epoch = ${epoch} AND "finishedAt" IS NULL`);
}
