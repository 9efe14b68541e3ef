import { sql } from 'slonik';
import { z } from 'zod';
import type { Json } from '../../contracts/json.ts';
import { mended } from '../mended.ts';
import type { Queryable } from '../pool.ts';
import { toJsonText } from '../storable.ts';
import { all, cursorOf, olderThan, type Page } from './page.ts';
import { NO_ROWS } from '../no-rows.ts';

export interface ReceivedAlert {
  readonly fingerprint: string;
  readonly startsAt: string;
  readonly status: 'firing' | 'resolved';
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly generatorURL: string | null;
  readonly endsAt: string | null;
}

/** The alerts of one message, and which way they came. */
export interface Sighting {
  readonly source: string;
  readonly receiver: string | null;
  readonly alerts: readonly ReceivedAlert[];
}

/**
 * Notes how alerts stand, in one statement, rows in the order of their keys. One that is resolved stays so: a firing message
 * of the same beginning that comes after it is late. The same alert twice is one row, resolved before firing.
 */
export async function noteAlerts(db: Queryable, sightings: readonly Sighting[]): Promise<void> {
  const alerts = sightings.flatMap(({ source, receiver, alerts: seen }) =>
    seen.map((alert) => ({ source, receiver, ...alert })),
  );
  if (alerts.length === 0) return;
  await db.query(sql.type(NO_ROWS)`
    INSERT INTO "Alert" AS a (fingerprint, "startsAt", source, status, labels, annotations, "generatorURL", receiver, received, "endsAt",
      "resolvedAt", "resolvedBy")
    SELECT DISTINCT ON (fingerprint, "startsAt") fingerprint, "startsAt", source, status, labels, annotations, "generatorURL", receiver,
      count(*) OVER (PARTITION BY fingerprint, "startsAt"),
      CASE status WHEN 'resolved' THEN "endsAt" END, CASE status WHEN 'resolved' THEN now() END, CASE status WHEN 'resolved' THEN 'webhook' END
    FROM jsonb_to_recordset(${toJsonText(alerts)}::jsonb) AS r(source text, receiver text, fingerprint text, "startsAt" timestamptz,
      status text, labels jsonb, annotations jsonb, "generatorURL" text, "endsAt" timestamptz)
    ORDER BY fingerprint, "startsAt", status DESC
    ON CONFLICT (fingerprint, "startsAt") DO UPDATE SET "lastReceivedAt" = now(), received = a.received + excluded.received, "missedAt" = NULL,
      status = CASE a.status WHEN 'resolved' THEN 'resolved' ELSE excluded.status END,
      "endsAt" = coalesce(a."endsAt", excluded."endsAt"), "resolvedAt" = coalesce(a."resolvedAt", excluded."resolvedAt"),
      "resolvedBy" = coalesce(a."resolvedBy", excluded."resolvedBy"), annotations = excluded.annotations, receiver = excluded.receiver`);
}

const alertRow = mended(
  'alert',
  z.object({
    id: z.string(),
    fingerprint: z.string(),
    source: z.string(),
    status: z.enum(['firing', 'resolved']),
    labels: z.record(z.string(), z.string()),
    annotations: z.record(z.string(), z.string()),
    startsAt: z.date(),
    endsAt: z.date().nullable(),
    generatorURL: z.string().nullable(),
    receiver: z.string().nullable(),
    firstReceivedAt: z.date(),
    lastReceivedAt: z.date(),
    received: z.number(),
    resolvedAt: z.date().nullable(),
    resolvedBy: z.string().nullable(),
    recentStarts: z.number(),
    cursor: z.string(),
  }),
);
export type AlertRow = z.output<typeof alertRow>;

export interface AlertFilter {
  readonly status?: string | undefined;
  readonly fingerprint?: string | undefined;
  readonly alertname?: string | undefined;
}

/** The alert that began last first, each with how often its fingerprint began in the last hour. */
export function listAlerts(db: Queryable, filter: AlertFilter, page: Page): Promise<readonly AlertRow[]> {
  const startsAt = sql.fragment`a."startsAt"`;
  const id = sql.fragment`a.id`;
  const { status, fingerprint, alertname } = filter;
  const conditions = [
    olderThan(startsAt, id, page.cursor),
    ...(status === undefined ? [] : [sql.fragment`a.status = ${status}`]),
    ...(fingerprint === undefined ? [] : [sql.fragment`a.fingerprint = ${fingerprint}`]),
    ...(alertname === undefined ? [] : [sql.fragment`a.labels ->> 'alertname' = ${alertname}`]),
  ];
  return db.any(sql.type(alertRow)`
    SELECT a.id, a.fingerprint, a.source, a.status, a.labels, a.annotations, a."startsAt", a."endsAt", a."generatorURL", a.receiver,
      a."firstReceivedAt", a."lastReceivedAt", a.received, a."resolvedAt", a."resolvedBy", (
        SELECT count(*)::integer FROM "Alert" e WHERE e.fingerprint = a.fingerprint AND e."startsAt" > now() - interval '1 hour') AS "recentStarts",
      ${cursorOf(startsAt, id)} AS cursor
    FROM "Alert" a WHERE ${all(conditions)} ORDER BY a."startsAt" DESC, a.id DESC LIMIT ${page.limit}`);
}

/** How often each of these alerts began within the window. */
export async function countStarts(
  db: Queryable,
  fingerprints: readonly string[],
  windowSeconds: number,
): Promise<ReadonlyMap<string, number>> {
  const rows = await db.any(sql.type(z.object({ fingerprint: z.string(), starts: z.number() }))`
    SELECT fingerprint, count(*)::integer AS starts FROM "Alert" WHERE fingerprint = ANY (${sql.array([...fingerprints], 'text')})
      AND "startsAt" > now() - ${windowSeconds} * interval '1 second' GROUP BY fingerprint`);
  return new Map(rows.map(({ fingerprint, starts }) => [fingerprint, starts]));
}

/** The alerts that run `w` is about, as a list: those of its trigger, else (a retry, a sub-workflow) those of its input. */
const ABOUT = sql.fragment`CASE
  WHEN jsonb_typeof(w.trigger -> 'alerts') = 'array' THEN w.trigger -> 'alerts'
  WHEN w.trigger ? 'fingerprint' THEN jsonb_build_array(w.trigger)
  WHEN jsonb_typeof(w.input -> 'alerts') = 'array' THEN w.input -> 'alerts'
  ELSE jsonb_build_array(w.input -> 'alert') END`;

/** Compared as text: an input is anybody's, and a time in it that is none must not fail the statement for all the others. */
export const ISO = sql.fragment`to_char(a."startsAt" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** One counts as resolved when it, or the same alert that began later, was. */
const RESOLUTION = sql.fragment`
  SELECT count(*)::integer AS total, count(*) FILTER (WHERE r.resolved IS NOT NULL)::integer AS resolved,
    (array_agg(r.resolved ORDER BY r.resolved ->> 'resolvedAt') FILTER (WHERE r.resolved IS NOT NULL))[1] AS alert
  FROM jsonb_array_elements(${ABOUT}) AS i(alert)
  CROSS JOIN LATERAL (SELECT (
    SELECT jsonb_build_object('fingerprint', a.fingerprint, 'status', a.status, 'labels', a.labels, 'startsAt', a."startsAt",
      'endsAt', coalesce(a."endsAt", a."resolvedAt"), 'resolvedAt', a."resolvedAt", 'resolvedBy', a."resolvedBy")
    FROM "Alert" a WHERE a.fingerprint = i.alert ->> 'fingerprint' AND a.status = 'resolved'
      AND ${ISO} >= (i.alert ->> 'startsAt') ORDER BY a."startsAt" LIMIT 1) AS resolved) r`;

/** Whether enough of its alerts are resolved: the first, where the trigger of its group says so, else all. */
const IS_RESOLVED = sql.fragment`(s.total > 0 AND s.resolved >= CASE WHEN w.trigger ->> 'resolvedWhen' = 'first' THEN 1 ELSE s.total END)`;

/** Whether the alert that a run is about is resolved; false for runs about none. */
export async function isAlertResolved(db: Queryable, runId: string): Promise<boolean> {
  const resolved = await db.maybeOneFirst(sql.type(z.object({ resolved: z.boolean() }))`
    SELECT ${IS_RESOLVED} AS resolved FROM "WorkflowRun" w CROSS JOIN LATERAL (${RESOLUTION}) s WHERE w.id = ${runId}`);
  return resolved ?? false;
}

const json: z.ZodType<Json> = z.any();
const settledWait = z.object({ runId: z.string(), agentRunId: z.string(), alert: json });

/** Nodes that wait for the end of an alert that has ended. */
export function findResolvedWaits(db: Queryable): Promise<readonly z.output<typeof settledWait>[]> {
  return db.any(sql.type(settledWait)`
    SELECT n."runId", n.id AS "agentRunId", s.alert
    FROM "AgentRun" n JOIN "WorkflowRun" w ON w.id = n."runId" CROSS JOIN LATERAL (${RESOLUTION}) s
    WHERE n."expiresAt" IS NOT NULL AND n."waitingFor" = 'resolved' AND n.status = 'RUNNING' AND w."pausedAt" IS NULL AND ${IS_RESOLVED}
    LIMIT 500`);
}

const awaited = mended('alert', z.object({ fingerprint: z.string(), startsAt: z.date() }));
export type AwaitedAlert = z.output<typeof awaited>;

/** Firing alerts of AlertManager that some node waits for the end of. */
export function findAwaitedAlerts(db: Queryable): Promise<readonly AwaitedAlert[]> {
  return db.any(sql.type(awaited)`
    SELECT DISTINCT a.fingerprint, a."startsAt"
    FROM "AgentRun" n JOIN "WorkflowRun" w ON w.id = n."runId"
    CROSS JOIN LATERAL jsonb_array_elements(${ABOUT}) AS i(alert)
    JOIN "Alert" a ON a.fingerprint = i.alert ->> 'fingerprint' AND a.status = 'firing' AND a.source = 'alertmanager'
      AND ${ISO} >= (i.alert ->> 'startsAt')
    WHERE n."expiresAt" IS NOT NULL AND n."waitingFor" = 'resolved' AND n.status = 'RUNNING'
    LIMIT 1000`);
}

/**
 * Notes that AlertManager, asked, does not know these alerts: at the second time in a row they count as resolved. Once alone
 * may be an AlertManager that has just started and heard from nobody yet.
 */
export async function noteMissedAlerts(
  db: Queryable,
  alerts: readonly AwaitedAlert[],
  { present, betweenSeconds }: { present: readonly string[]; betweenSeconds: number },
): Promise<void> {
  const fingerprints = alerts.map(({ fingerprint }) => fingerprint);
  const known = sql.array([...present], 'text');
  await db.query(sql.type(NO_ROWS)`
    UPDATE "Alert" SET "missedAt" = CASE WHEN fingerprint = ANY (${known}) THEN NULL ELSE coalesce("missedAt", now()) END,
      status = CASE WHEN fingerprint <> ALL (${known}) AND "missedAt" <= now() - ${betweenSeconds} * interval '1 second' THEN 'resolved' ELSE status END,
      "resolvedAt" = CASE WHEN fingerprint <> ALL (${known}) AND "missedAt" <= now() - ${betweenSeconds} * interval '1 second' THEN now() END,
      "resolvedBy" = CASE WHEN fingerprint <> ALL (${known}) AND "missedAt" <= now() - ${betweenSeconds} * interval '1 second' THEN 'alertmanager' END
    WHERE fingerprint = ANY (${sql.array(fingerprints, 'text')}) AND status = 'firing'`);
}

const statistics = z.object({
  runs: z.number(),
  ended: z.number(),
  fixed: z.number(),
  resolvedBeforeActed: z.number(),
  medianSecondsToResolve: z.number().nullable(),
});

/**
 * What the runs of a workflow did for the firing alerts that started them, over the last days. Fixed: the run succeeded, and
 * its alert was resolved after the run had begun to act. A group is one alert, from the first beginning to the end that its run waits for.
 */
export function measureAlertRuns(
  db: Queryable,
  workflowId: string,
  days: number,
): Promise<z.output<typeof statistics>> {
  return db.one(sql.type(statistics)`
    WITH runs AS (
      SELECT w.status, w."startedAt", w."finishedAt", t."startsAt", t."resolvedAt"
      FROM "WorkflowRun" w CROSS JOIN LATERAL (
        SELECT min(a."startsAt") AS "startsAt", CASE
          WHEN w.trigger ->> 'resolvedWhen' = 'first' THEN min(coalesce(a."endsAt", a."resolvedAt"))
          WHEN bool_and(a."resolvedAt" IS NOT NULL) THEN max(coalesce(a."endsAt", a."resolvedAt")) END AS "resolvedAt"
        FROM jsonb_array_elements(${ABOUT}) AS i(alert)
        JOIN "Alert" a ON a.fingerprint = i.alert ->> 'fingerprint' AND ${ISO} = i.alert ->> 'startsAt') t
      WHERE w."workflowId" = ${workflowId} AND w."triggerType" IN ('alertmanager', 'grafana') AND t."startsAt" IS NOT NULL
        AND coalesce(w.trigger ->> 'status', 'firing') = 'firing' AND w."createdAt" > now() - ${days} * interval '1 day'
    )
    SELECT count(*)::integer AS runs, count("finishedAt")::integer AS ended,
      count(*) FILTER (WHERE status = 'SUCCESS' AND "resolvedAt" >= "startedAt")::integer AS fixed,
      count(*) FILTER (WHERE "resolvedAt" < coalesce("startedAt", now()))::integer AS "resolvedBeforeActed",
      percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM "resolvedAt" - "startsAt")) AS "medianSecondsToResolve"
    FROM runs`);
}

const pendingHold = z.object({ approvalId: z.string(), decision: z.enum(['APPROVED', 'REJECTED']), by: z.string() });

/** Approvals of runs over budget that a person has decided on another first node of the same run: one decision is enough. */
export function findDecidedHolds(db: Queryable): Promise<readonly z.output<typeof pendingHold>[]> {
  return db.any(sql.type(pendingHold)`
    SELECT p.id AS "approvalId", d.status AS decision, coalesce(d."respondedBy", 'an approver') AS by
    FROM "Approval" p JOIN "Approval" d ON d."runId" = p."runId" AND d.id <> p.id AND d.status IN ('APPROVED', 'REJECTED')
    WHERE p.status = 'PENDING' AND p.input ? 'overBudget' AND d.input ? 'overBudget' LIMIT 200`);
}

export interface GroupedAlert {
  readonly triggerId: string;
  readonly workflowId: string;
  readonly key: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly windowSeconds: number;
  readonly envelope: object;
  readonly alert: { readonly fingerprint: string; readonly startsAt: string };
}

/** Puts an alert into its open group, or opens one. @returns when the group closes, and whether the alert was in it before */
export function joinGroup(
  db: Queryable,
  { alert, ...group }: GroupedAlert,
): Promise<{ closesAt: Date; joined: boolean }> {
  return db.transaction(async (transaction) => {
    const { id, closesAt } = await transaction.one(sql.type(z.object({ id: z.string(), closesAt: z.date() }))`
      INSERT INTO "AlertGroup" AS g ("triggerId", "workflowId", key, labels, "closesAt", envelope)
      VALUES (${group.triggerId}, ${group.workflowId}, ${group.key}, ${toJsonText(group.labels)}::jsonb,
        now() + ${group.windowSeconds} * interval '1 second', ${toJsonText(group.envelope)}::jsonb)
      ON CONFLICT ("triggerId", key) WHERE "closedAt" IS NULL DO UPDATE SET key = g.key RETURNING id, "closesAt"`);
    const { rowCount } = await transaction.query(sql.type(NO_ROWS)`
      INSERT INTO "AlertGroupMember" ("groupId", fingerprint, "startsAt", alert)
      VALUES (${id}, ${alert.fingerprint}, ${alert.startsAt}::timestamptz, ${toJsonText(alert)}::jsonb) ON CONFLICT DO NOTHING`);
    return { closesAt, joined: rowCount > 0 };
  });
}

const dueGroup = mended(
  'alert_group',
  z.object({
    id: z.string(),
    triggerId: z.string(),
    workflowId: z.string(),
    labels: z.record(z.string(), z.string()),
    envelope: json,
    alerts: z.array(json),
  }),
);
export type DueGroup = z.output<typeof dueGroup>;

/** Groups whose window is over, with their alerts in the order of their beginning. */
export function findDueGroups(db: Queryable): Promise<readonly DueGroup[]> {
  return db.any(sql.type(dueGroup)`
    SELECT g.id, g."triggerId", g."workflowId", g.labels, g.envelope, (
      SELECT coalesce(jsonb_agg(m.alert ORDER BY m."startsAt", m.fingerprint), '[]') FROM "AlertGroupMember" m WHERE m."groupId" = g.id) AS alerts
    FROM "AlertGroup" g WHERE g."closedAt" IS NULL AND g."closesAt" <= now() ORDER BY g."closesAt" LIMIT 100`);
}

/** Closes a group that was dealt with: the next alert of its kind opens another one. */
export async function closeGroup(db: Queryable, id: string): Promise<void> {
  await db.query(sql.type(NO_ROWS)`UPDATE "AlertGroup" SET "closedAt" = now() WHERE id = ${id} AND "closedAt" IS NULL`);
}

/** Alerts that are in a group of this trigger, open or closed: `<fingerprint>/<startsAt>` (ISO 8601). */
export async function findGrouped(
  db: Queryable,
  triggerIds: readonly string[],
  fingerprints: readonly string[],
): Promise<ReadonlySet<string>> {
  if (triggerIds.length === 0) return new Set();
  const rows = await db.any(sql.type(z.object({ triggerId: z.string(), fingerprint: z.string(), startsAt: z.date() }))`
    SELECT g."triggerId", m.fingerprint, m."startsAt" FROM "AlertGroupMember" m JOIN "AlertGroup" g ON g.id = m."groupId"
    WHERE g."triggerId" = ANY (${sql.array([...triggerIds], 'text')}) AND m.fingerprint = ANY (${sql.array([...fingerprints], 'text')})`);
  return new Set(
    rows.map(({ triggerId, fingerprint, startsAt }) => `${triggerId}/${fingerprint}/${startsAt.toISOString()}`),
  );
}
