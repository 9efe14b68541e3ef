import { sql } from 'slonik';
import { z } from 'zod';
import { mended } from '../mended.ts';
import type { Queryable } from '../pool.ts';

/** What the API's metrics and overview show of all runs. */

const activeRow = z.object({ status: z.string(), count: z.number() });

/** Open runs by status. */
export function countActiveRuns(db: Queryable): Promise<readonly z.output<typeof activeRow>[]> {
  return db.any(sql.type(activeRow)`
    SELECT status, count(*)::integer AS count FROM "WorkflowRun" WHERE "finishedAt" IS NULL GROUP BY status`);
}

const rateRow = z.object({ workflow: z.string(), succeeded: z.number(), failed: z.number() });

/** Runs of the last hour that ended by themselves, by workflow. */
export function countRecentOutcomes(db: Queryable): Promise<readonly z.output<typeof rateRow>[]> {
  return db.any(sql.type(rateRow)`
    SELECT "workflowName" AS workflow, count(*) FILTER (WHERE status = 'SUCCESS')::integer AS succeeded,
      count(*) FILTER (WHERE status = 'FAILED')::integer AS failed
    FROM "WorkflowRun" WHERE "finishedAt" > now() - interval '1 hour' GROUP BY 1`);
}

const endedRow = z.object({
  id: z.string(),
  workflow: z.string(),
  status: z.string(),
  trigger: z.string(),
  finishedAt: z.date(),
});
export type EndedRunRow = z.output<typeof endedRow>;

/** Runs that ended after a time, in the order of their ends. */
export function listEndedSince(db: Queryable, since: Date, limit: number): Promise<readonly EndedRunRow[]> {
  return db.any(sql.type(endedRow)`
    SELECT id, "workflowName" AS workflow, status, "triggerType" AS trigger, "finishedAt" FROM "WorkflowRun"
    WHERE "finishedAt" > ${since.toISOString()}::timestamptz ORDER BY "finishedAt" LIMIT ${limit}`);
}

/** The database's clock, by which the runs' times are written. */
export function readClock(db: Queryable): Promise<Date> {
  return db.oneFirst(sql.type(z.object({ now: z.date() }))`SELECT now() AS now`);
}

const overview = z.object({
  activeRuns: z.record(z.string(), z.number()),
  pendingApprovals: z.number(),
  failing: z.array(
    z.object({ workflowId: z.string(), workflowName: z.string(), failed: z.number(), lastRunId: z.string() }),
  ),
  oldestReadySeconds: z.number(),
  workers: z.number(),
});
export type Overview = z.output<typeof overview>;

/** The service at a glance; `failing`: workflows with failed runs in the last day, most failures first. */
export function findOverview(db: Queryable): Promise<Overview> {
  return db.one(sql.type(overview)`
    SELECT
      (SELECT coalesce(json_object_agg(status, count), '{}') FROM (
        SELECT status, count(*) FROM "WorkflowRun" WHERE "finishedAt" IS NULL GROUP BY status) s) AS "activeRuns",
      (SELECT count(*)::integer FROM "Approval" WHERE status = 'PENDING') AS "pendingApprovals",
      (SELECT coalesce(json_agg(f), '[]') FROM (
        SELECT "workflowId", max("workflowName") AS "workflowName", count(*) AS failed,
          (array_agg(id ORDER BY "finishedAt" DESC))[1] AS "lastRunId"
        FROM "WorkflowRun" WHERE "finishedAt" > now() - interval '1 day' AND status = 'FAILED'
        GROUP BY "workflowId" ORDER BY failed DESC LIMIT 10) f) AS failing,
      (SELECT coalesce(extract(epoch FROM now() - min(a."readyAt")), 0)::double precision
        FROM "WorkflowRun" w JOIN "AgentRun" a ON a."runId" = w.id
        WHERE w."finishedAt" IS NULL AND w."pausedAt" IS NULL AND w."admittedAt" IS NOT NULL AND a.status = 'PENDING' AND a.pending = 0
          AND a."readyAt" <= now()) AS "oldestReadySeconds",
      (SELECT count(*)::integer FROM "Worker" WHERE "stoppedAt" IS NULL AND "heartbeatAt" > now() - interval '15 seconds') AS workers`);
}

const workerRow = mended(
  'worker',
  z.object({
    id: z.string(),
    host: z.string(),
    pid: z.number(),
    roles: z.array(z.string()),
    pools: z.array(z.string()),
    concurrency: z.number(),
    version: z.string().nullable(),
    startedAt: z.date(),
    heartbeatAt: z.date(),
    alive: z.boolean(),
    running: z.number(),
    drainRequestedAt: z.date().nullable(),
    drainedAt: z.date().nullable(),
  }),
);
export type WorkerRow = z.output<typeof workerRow>;

/** Workers that were heard of in the last hour, those alive first; `running`: nodes that they hold. */
export function listWorkers(db: Queryable): Promise<readonly WorkerRow[]> {
  return db.any(sql.type(workerRow)`
    SELECT k.id, k.host, k.pid, k.roles, k.pools, k.concurrency, k.version, k."startedAt", k."heartbeatAt",
      k."stoppedAt" IS NULL AND k."heartbeatAt" > now() - interval '15 seconds' AS alive,
      k."drainRequestedAt", k."drainedAt",
      (SELECT count(*)::integer FROM "AgentRun" a WHERE a."leaseUntil" IS NOT NULL AND a."workerId" = k.id) AS running
    FROM "Worker" k WHERE k."heartbeatAt" > now() - interval '1 hour' ORDER BY alive DESC, k."startedAt" DESC LIMIT 500`);
}

/** The pools that any worker of the last hour served. */
export function listPools(db: Queryable): Promise<readonly string[]> {
  return db.anyFirst(sql.type(z.object({ pool: z.string() }))`
    SELECT DISTINCT unnest(pools) AS pool FROM "Worker" WHERE "heartbeatAt" > now() - interval '1 hour' ORDER BY 1 LIMIT 100`);
}
