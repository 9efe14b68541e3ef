import { sql } from 'slonik';
import { z } from 'zod';
import { NO_ROWS } from '../no-rows.ts';
import type { Queryable } from '../pool.ts';

/** What a project has, and the limits that are its own; null: the environment's, 0: none. */
const projectUse = z.object({
  projectId: z.string(),
  openRuns: z.number(),
  workflows: z.number(),
  maxOpenRuns: z.number().nullable(),
  maxWorkflows: z.number().nullable(),
  updatedBy: z.string().nullable(),
  updatedAt: z.date().nullable(),
});
export type ProjectUse = z.infer<typeof projectUse>;

const USE = sql.fragment`
  SELECT p."projectId", coalesce(r.runs, 0)::integer AS "openRuns", coalesce(w.workflows, 0)::integer AS workflows,
    l."maxOpenRuns", l."maxWorkflows", l."updatedBy", l."updatedAt"
  FROM asked p
  LEFT JOIN (SELECT "projectId", count(*) AS runs FROM "WorkflowRun" WHERE "finishedAt" IS NULL GROUP BY 1) r USING ("projectId")
  LEFT JOIN (SELECT "projectId", count(*) AS workflows FROM "Workflow" GROUP BY 1) w USING ("projectId")
  LEFT JOIN "ProjectLimit" l USING ("projectId")`;

/** Every project that has a workflow, an open run or limits of its own, by name: the first 1,000. */
export function listProjectUse(db: Queryable): Promise<readonly ProjectUse[]> {
  return db.any(sql.type(projectUse)`
    WITH asked AS (SELECT "projectId" FROM "Workflow" UNION SELECT "projectId" FROM "WorkflowRun" WHERE "finishedAt" IS NULL
      UNION SELECT "projectId" FROM "ProjectLimit")
    ${USE} ORDER BY p."projectId" LIMIT 1000`);
}

/** Of a project that need not exist yet. */
export function findProjectUse(db: Queryable, projectId: string): Promise<ProjectUse> {
  return db.one(sql.type(projectUse)`WITH asked AS (SELECT ${projectId}::text AS "projectId") ${USE}`);
}

const projectLimit = z.object({
  projectId: z.string(),
  maxOpenRuns: z.number().nullable(),
  maxWorkflows: z.number().nullable(),
});
export type ProjectLimit = z.infer<typeof projectLimit>;

const COLUMNS = sql.fragment`"projectId", "maxOpenRuns", "maxWorkflows"`;

/** Null where the project is under the environment's. */
export function findProjectLimit(db: Queryable, projectId: string): Promise<ProjectLimit | null> {
  return db.maybeOne(sql.type(projectLimit)`SELECT ${COLUMNS} FROM "ProjectLimit" WHERE "projectId" = ${projectId}`);
}

/** Replaces a project's own limits; null in both takes them away. */
export async function putProjectLimit(
  db: Queryable,
  { projectId, maxOpenRuns, maxWorkflows }: ProjectLimit,
  by: string,
): Promise<void> {
  if (maxOpenRuns === null && maxWorkflows === null) {
    await db.query(sql.type(NO_ROWS)`DELETE FROM "ProjectLimit" WHERE "projectId" = ${projectId}`);
    return;
  }
  await db.query(sql.type(NO_ROWS)`
    INSERT INTO "ProjectLimit" (${COLUMNS}, "updatedBy") VALUES (${projectId}, ${maxOpenRuns}, ${maxWorkflows}, ${by})
    ON CONFLICT ("projectId") DO UPDATE SET "maxOpenRuns" = excluded."maxOpenRuns", "maxWorkflows" = excluded."maxWorkflows",
      "updatedBy" = excluded."updatedBy", "updatedAt" = now()`);
}

const workflowCount = z.object({ count: z.number() });

/** How many workflows a project has; other creations in it wait until the transaction ends, so that the count holds. */
export async function countWorkflowsAlone(db: Queryable, projectId: string): Promise<number> {
  await db.query(
    sql.type(NO_ROWS)`SELECT pg_advisory_xact_lock(hashtextextended(${`workflows of project:${projectId}`}, 0))`,
  );
  return db.oneFirst(sql.type(workflowCount)`
    SELECT count(*)::integer AS count FROM "Workflow" WHERE "projectId" = ${projectId}`);
}

const openRuns = z.object({
  /** By project, with those that triggers started. */
  projects: z.record(z.string(), z.number()),
  /** By the principal that started them through the API. */
  principals: z.record(z.string(), z.number()),
  limits: z.array(projectLimit),
});
export type OpenRunCounts = z.infer<typeof openRuns>;

/** How many runs are open, and the projects' own limits: one reading of all open runs. */
export function countOpenRuns(db: Queryable): Promise<OpenRunCounts> {
  return db.one(sql.type(openRuns)`
    WITH open AS (
      SELECT "projectId", CASE WHEN "triggerType" IN ('api', 'retry') THEN trigger ->> 'by' END AS by, count(*)::integer AS runs
      FROM "WorkflowRun" WHERE "finishedAt" IS NULL GROUP BY 1, 2
    )
    SELECT coalesce((SELECT jsonb_object_agg("projectId", runs) FROM (SELECT "projectId", sum(runs) AS runs FROM open GROUP BY 1) p), '{}') AS projects,
      coalesce((SELECT jsonb_object_agg(by, runs) FROM (SELECT by, sum(runs) AS runs FROM open WHERE by IS NOT NULL GROUP BY 1) p), '{}') AS principals,
      coalesce((SELECT jsonb_agg(l) FROM (SELECT ${COLUMNS} FROM "ProjectLimit") l), '[]') AS limits`);
}

/** Whether this key has started a run, within the day that keys count. */
export function isKeyUsed(db: Queryable, scope: string, key: string): Promise<boolean> {
  return db.exists(sql.unsafe`
    SELECT FROM "IdempotencyKey" WHERE scope = ${scope} AND key = ${key} AND "createdAt" > now() - interval '1 day'`);
}
