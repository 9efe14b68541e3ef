import { sql } from 'slonik';
import { z } from 'zod';
import type { Json, JsonObject } from '../../contracts/json.ts';
import { mended } from '../mended.ts';
import type { Queryable } from '../pool.ts';
import { toJsonText } from '../storable.ts';
import { all, cursorOf, olderThan, type Page } from './page.ts';
import { NO_ROWS } from '../no-rows.ts';

/** What came for a trigger, and what became of it. */
export interface NewDecision {
  readonly triggerId: string;
  readonly workflowId: string;
  readonly workflowName: string;
  readonly triggerType: string;
  readonly outcome: string;
  readonly message?: string | undefined;
  readonly runId?: string | undefined;
  /** ISO 8601: from when on the same would start. */
  readonly until?: string | undefined;
  /** What came: the alert, the due time, the message, the run. */
  readonly subject: Json;
  readonly webhookId?: string | undefined;
}

/** Keeps decisions, in one statement. */
export async function recordDecisions(db: Queryable, decisions: readonly NewDecision[]): Promise<void> {
  if (decisions.length === 0) return;
  await db.query(sql.type(NO_ROWS)`
    INSERT INTO "TriggerDecision" ("triggerId", "workflowId", "workflowName", "triggerType", outcome, message, "runId", until, subject, "webhookId")
    SELECT "triggerId", "workflowId", "workflowName", "triggerType", outcome, message, "runId", until, subject, "webhookId"
    FROM jsonb_to_recordset(${toJsonText(decisions)}::jsonb) AS d("triggerId" text, "workflowId" uuid, "workflowName" text, "triggerType" text,
      outcome text, message text, "runId" uuid, until timestamptz, subject jsonb, "webhookId" uuid)`);
}

const json: z.ZodType<Json> = z.any();
const decisionRow = mended(
  'decision',
  z.object({
    id: z.string(),
    at: z.date(),
    triggerId: z.string(),
    workflowId: z.string(),
    workflowName: z.string(),
    triggerType: z.string(),
    outcome: z.string(),
    message: z.string().nullable(),
    runId: z.string().nullable(),
    until: z.date().nullable(),
    subject: json,
    webhookId: z.string().nullable(),
    cursor: z.string(),
  }),
);
export type DecisionRow = z.output<typeof decisionRow>;

const at = sql.fragment`at`;
const id = sql.fragment`id`;

/** Newest first; of one trigger, or of all. */
export function listDecisions(
  db: Queryable,
  { triggerId, outcome }: { triggerId?: string | undefined; outcome?: string | undefined },
  page: Page,
): Promise<readonly DecisionRow[]> {
  const conditions = [
    olderThan(at, id, page.cursor),
    ...(triggerId === undefined ? [] : [sql.fragment`"triggerId" = ${triggerId}`]),
    ...(outcome === undefined ? [] : [sql.fragment`outcome = ${outcome}`]),
  ];
  return db.any(sql.type(decisionRow)`
    SELECT id, at, "triggerId", "workflowId", "workflowName", "triggerType", outcome, message, "runId", until, subject, "webhookId",
      ${cursorOf(at, id)} AS cursor
    FROM "TriggerDecision" WHERE ${all(conditions)} ORDER BY at DESC, id DESC LIMIT ${page.limit}`);
}

const lastDecision = mended(
  'decision',
  z.object({
    triggerId: z.string(),
    at: z.date(),
    outcome: z.string(),
    message: z.string().nullable(),
    runId: z.string().nullable(),
  }),
);
export type LastDecision = z.output<typeof lastDecision>;

/** The last decision of each of these triggers. */
export function findLastDecisions(db: Queryable, triggerIds: readonly string[]): Promise<readonly LastDecision[]> {
  return db.any(sql.type(lastDecision)`
    SELECT d.* FROM unnest(${sql.array([...triggerIds], 'text')}) AS t(id) CROSS JOIN LATERAL (
      SELECT "triggerId", at, outcome, message, "runId" FROM "TriggerDecision" WHERE "triggerId" = t.id ORDER BY at DESC, id DESC LIMIT 1) d`);
}

const definition = z.custom<JsonObject>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);
const workflowWithTriggers = mended(
  'workflow',
  z.object({
    id: z.string(),
    name: z.string(),
    status: z.string(),
    pausedAt: z.date().nullable(),
    definition,
  }),
);
export type WorkflowWithTriggers = z.output<typeof workflowWithTriggers>;

/** The workflows that anything may start, by name. */
export function listWorkflowsWithTriggers(
  db: Queryable,
  workflowId?: string,
): Promise<readonly WorkflowWithTriggers[]> {
  return db.any(sql.type(workflowWithTriggers)`
    SELECT w.id, w.name, w.status, w."pausedAt", v.definition
    FROM "Workflow" w JOIN "WorkflowVersion" v ON v."workflowId" = w.id AND v.version = w.version
    WHERE (v.definition @? '$.triggers[*]' OR v.definition ? 'onFailure' OR w.name = 'alert-notification')
      AND ${workflowId === undefined ? sql.fragment`true` : sql.fragment`w.id = ${workflowId}`}
    ORDER BY w.name, w.id`);
}

const endedRun = mended(
  'run',
  z.object({
    runId: z.string(),
    workflowId: z.string(),
    workflowName: z.string(),
    projectId: z.string(),
    status: z.enum(['SUCCESS', 'FAILED', 'CANCELLED']),
    input: json,
    output: json,
    errorCode: z.string().nullable(),
    errorMessage: z.string().nullable(),
    errorNodeId: z.string().nullable(),
    labels: z.record(z.string(), z.string()),
    trigger: definition,
    onFailure: z.string().nullable(),
    finishedAt: z.date(),
  }),
);
export type FollowableRun = z.output<typeof endedRun>;

/**
 * Runs that ended after `since` and were not followed up, oldest first, that somebody may want to follow: runs of these
 * workflows, and failed ones whose definition names an `onFailure`.
 */
export function findEndedRuns(
  db: Queryable,
  { since, watched, limit }: { since: Date; watched: readonly string[]; limit: number },
): Promise<readonly FollowableRun[]> {
  return db.any(sql.type(endedRun)`
    SELECT w.id AS "runId", w."workflowId", w."workflowName", w."projectId", w.status, w.input, w.output, w."errorCode", w."errorMessage",
      w."errorNodeId", w.labels, w.trigger, v.definition ->> 'onFailure' AS "onFailure", w."finishedAt"
    FROM "WorkflowRun" w JOIN "WorkflowVersion" v ON v.id = w."versionId"
    WHERE w."finishedAt" > ${since.toISOString()}::timestamptz
      AND (w."workflowName" = ANY (${sql.array([...watched], 'text')}) OR (w.status = 'FAILED' AND v.definition ? 'onFailure'))
      AND NOT EXISTS (SELECT FROM "RunFollowUp" f WHERE f."runId" = w.id)
    ORDER BY w."finishedAt", w.id LIMIT ${limit}`);
}

/** Notes that a run was followed up, together with what became of each follower. */
export async function recordFollowUps(db: Queryable, runId: string, decisions: readonly NewDecision[]): Promise<void> {
  await db.transaction(async (transaction) => {
    await transaction.query(sql.type(NO_ROWS)`
      INSERT INTO "RunFollowUp" ("runId") VALUES (${runId}) ON CONFLICT DO NOTHING`);
    await recordDecisions(transaction, decisions);
  });
}

/**
 * Forgets what triggers remember and nobody asks for any more.
 * @param days how long decisions, webhooks and ended alerts are kept
 */
export async function forgetOldTriggerRecords(db: Queryable, days: number): Promise<void> {
  const old = sql.fragment`now() - ${days} * interval '1 day'`;
  for (const statement of [
    sql.type(NO_ROWS)`DELETE FROM "TriggerDecision" WHERE at < ${old}`,
    sql.type(NO_ROWS)`DELETE FROM "Webhook" WHERE "receivedAt" < ${old}`,
    sql.type(NO_ROWS)`DELETE FROM "Alert" WHERE "lastReceivedAt" < ${old}`,
    sql.type(NO_ROWS)`DELETE FROM "AlertGroup" WHERE "closedAt" < ${old}`,
    sql.type(NO_ROWS)`DELETE FROM "BudgetUse" WHERE at < ${old}`,
    sql.type(NO_ROWS)`DELETE FROM "RunFollowUp" WHERE at < ${old}`,
    sql.type(NO_ROWS)`DELETE FROM "RunSilence" WHERE "removedAt" < ${old}`,
    sql.type(NO_ROWS)`DELETE FROM "IdempotencyKey" WHERE "createdAt" < now() - interval '366 days'`,
  ]) {
    await db.query(statement);
  }
}
