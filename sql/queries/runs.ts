import { sql } from 'slonik';
import { z } from 'zod';
import type { Json, JsonObject } from '../../contracts/json.ts';
import { NODE_STATUSES, RUN_STATUSES } from '../../contracts/statuses.ts';
import { mended } from '../mended.ts';
import type { Queryable } from '../pool.ts';
import { LOCK_WAIT, type LockWait } from './locks.ts';
import { cursorOf, type Page } from './page.ts';
import { runsWithin, type RunFilter } from './run-search.ts';

const json: z.ZodType<Json> = z.any();
/** A time inside an aggregate: JSON has no dates, so it comes as the text that Postgres makes of it. */
type TimeText = string;

const runRow = z.object({
  id: z.string(),
  workflowId: z.string(),
  workflowName: z.string(),
  workflowVersion: z.number(),
  projectId: z.string(),
  status: z.enum(RUN_STATUSES),
  trigger: z.custom<JsonObject>(isTrigger),
  input: json,
  output: json,
  errorCode: z.string().nullable(),
  errorMessage: z.string().nullable(),
  errorNodeId: z.string().nullable(),
  labels: z.record(z.string(), z.string()),
  retryOf: z.string().nullable(),
  parentRunId: z.string().nullable(),
  cancelRequestedAt: z.date().nullable(),
  cancelRequestedBy: z.string().nullable(),
  pausedAt: z.date().nullable(),
  pausedBy: z.string().nullable(),
  traceparent: z.string().nullable(),
  deadlineAt: z.date().nullable(),
  createdAt: z.date(),
  startedAt: z.date().nullable(),
  finishedAt: z.date().nullable(),
  updatedAt: z.date(),
});
const mendedRun = mended('run', runRow);
export type RunRow = z.output<typeof mendedRun>;

const COLUMNS = sql.fragment`w.id, w."workflowId", w."workflowName", w."workflowVersion", w."projectId", w.status, w.trigger, w.input, w.output,
  w."errorCode", w."errorMessage", w."errorNodeId", w.labels, w."retryOf", w."parentRunId", w."cancelRequestedAt", w."cancelRequestedBy",
  w."pausedAt", w."pausedBy", w.traceparent, w."deadlineAt", w."createdAt", w."startedAt", w."finishedAt", w."updatedAt"`;

/** One node of a run (or one instance of a forEach node), with its earlier attempts, as one aggregate brings them. */
export interface NodeRow {
  readonly id: string;
  readonly nodeId: string;
  readonly itemIndex: number | null;
  readonly kind: string;
  readonly agentName: string | null;
  readonly agent: { id: string; version: string; riskLevel: string } | null;
  readonly status: (typeof NODE_STATUSES)[number];
  readonly attempt: number;
  readonly input: Json;
  readonly output: Json;
  readonly item: Json;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly exitCode: number | null;
  readonly workerId: string | null;
  readonly waitingFor: string | null;
  readonly wakeAt: TimeText | null;
  readonly lock: LockWait | null;
  readonly progress: Json;
  readonly approval: Json;
  readonly childRunId: string | null;
  readonly copiedFromRunId: string | null;
  readonly readyAt: TimeText | null;
  readonly createdAt: TimeText;
  readonly startedAt: TimeText | null;
  readonly firstStartedAt: TimeText | null;
  readonly finishedAt: TimeText | null;
  readonly attempts: readonly AttemptRow[] | null;
}

export interface AttemptRow {
  readonly attempt: number;
  readonly status: string;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly exitCode: number | null;
  readonly workerId: string | null;
  readonly startedAt: TimeText | null;
  readonly finishedAt: TimeText | null;
  readonly retryAt: TimeText | null;
}

const nodeRows = z.custom<readonly NodeRow[]>(Array.isArray);

/** The nodes of run `w` as one JSON value, so that a run with everything in it is one round trip. */
const NODES = sql.fragment`(
  SELECT coalesce(json_agg(n), '[]') FROM (
    SELECT a.id, a."nodeId", a."itemIndex", a.kind, a."agentName",
      CASE WHEN g.id IS NOT NULL THEN json_build_object('id', g.id, 'version', g.version, 'riskLevel', g."riskLevel") END AS agent,
      a.status, a.attempt, a.input, a.output, a.item, a."errorCode", a."errorMessage", a."exitCode", a."workerId", a."waitingFor", a."wakeAt",
      CASE WHEN a.status = 'PENDING' THEN ${LOCK_WAIT} END AS lock,
      a.progress, a.approval, a."childRunId", a."copiedFromRunId", a."readyAt", a."createdAt", a."startedAt", a."firstStartedAt", a."finishedAt",
      CASE WHEN a.attempt > 0 AND a.kind <> 'transform' THEN (
        SELECT json_agg(t ORDER BY t.attempt) FROM (
          SELECT attempt, status, "errorCode", "errorMessage", "exitCode", "workerId", "startedAt", "finishedAt", "retryAt"
          FROM "AgentAttempt" WHERE "agentRunId" = a.id) t) END AS attempts
    FROM "AgentRun" a LEFT JOIN "Agent" g ON g.name = a."agentName"
    WHERE a."runId" = w.id ORDER BY a."nodeIndex", a."itemIndex" NULLS FIRST) n)`;

const runWithNodes = mended('run', runRow.extend({ nodes: nodeRows }));
export type RunWithNodes = z.output<typeof runWithNodes>;

export function findRun(db: Queryable, runId: string): Promise<RunRow | null> {
  return db.maybeOne(sql.type(mendedRun)`SELECT ${COLUMNS} FROM "WorkflowRun" w WHERE w.id = ${runId}`);
}

/** A run with all its nodes, in one round trip. */
export function findRunWithNodes(db: Queryable, runId: string): Promise<RunWithNodes | null> {
  return db.maybeOne(
    sql.type(runWithNodes)`SELECT ${COLUMNS}, ${NODES} AS nodes FROM "WorkflowRun" w WHERE w.id = ${runId}`,
  );
}

/** A run, with its nodes where it has ended: what is asked again and again until then costs little. */
export function findRunAtItsEnd(db: Queryable, runId: string): Promise<RunWithNodes | null> {
  return db.maybeOne(sql.type(runWithNodes)`
    SELECT ${COLUMNS}, CASE WHEN w."finishedAt" IS NOT NULL THEN ${NODES} ELSE '[]' END AS nodes
    FROM "WorkflowRun" w WHERE w.id = ${runId}`);
}

const runState = z.object({
  workflowId: z.string(),
  workflowName: z.string(),
  status: z.enum(RUN_STATUSES),
  ended: z.boolean(),
  sequence: z.number(),
});

/** Whose a run is, whether it has ended, and the number of its last event. */
export function findRunState(db: Queryable, runId: string): Promise<z.output<typeof runState> | null> {
  return db.maybeOne(sql.type(runState)`
    SELECT "workflowId", "workflowName", status, "finishedAt" IS NOT NULL AS ended, sequence FROM "WorkflowRun" WHERE id = ${runId}`);
}

const listedRun = mended('run', runRow.extend({ cursor: z.string() }));
export type ListedRun = z.output<typeof listedRun>;

/** Newest first, without nodes. */
export async function listRuns(db: Queryable, filter: RunFilter, page: Page): Promise<readonly ListedRun[]> {
  const within = await runsWithin(db, filter, page);
  return db.any(sql.type(listedRun)`
    SELECT ${COLUMNS}, ${cursorOf(sql.fragment`w."createdAt"`, sql.fragment`w.id`)} AS cursor FROM "WorkflowRun" w
    WHERE ${within} ORDER BY w."createdAt" DESC, w.id DESC LIMIT ${page.limit}`);
}

const ownership = z.object({ runId: z.string(), workflowId: z.string(), workflowName: z.string() });

/** Which run, of which workflow, a node belongs to; null when there is no such node. */
export function findNodeOwner(db: Queryable, agentRunId: string): Promise<z.output<typeof ownership> | null> {
  return db.maybeOne(sql.type(ownership)`
    SELECT a."runId", w."workflowId", w."workflowName" FROM "AgentRun" a JOIN "WorkflowRun" w ON w.id = a."runId" WHERE a.id = ${agentRunId}`);
}

const nodeState = z.object({ status: z.enum(NODE_STATUSES), attempt: z.number(), ended: z.boolean() });

export function findNodeState(db: Queryable, agentRunId: string): Promise<z.output<typeof nodeState> | null> {
  return db.maybeOne(sql.type(nodeState)`
    SELECT status, attempt, "finishedAt" IS NOT NULL AS ended FROM "AgentRun" WHERE id = ${agentRunId}`);
}

function isTrigger(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}
