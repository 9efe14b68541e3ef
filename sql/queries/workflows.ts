import { sql } from 'slonik';
import { z } from 'zod';
import { isUuid } from '../../contracts/uuid.ts';
import type { JsonObject } from '../../contracts/json.ts';
import { mended } from '../mended.ts';
import type { Queryable } from '../pool.ts';
import { all, cursorOf, olderThan, type Fragment, type Page } from './page.ts';

/** What a list shows needs no more than this; `parseDefinition` reads it whole where it is run. */
const definition = z.custom<JsonObject>(isDefinition);
const schema = z
  .custom<JsonObject>((value) => typeof value === 'object' && value !== null && !Array.isArray(value))
  .catch({});

const workflowRow = z.object({
  id: z.string(),
  projectId: z.string(),
  name: z.string(),
  status: z.enum(['ACTIVE', 'DRAFT', 'ARCHIVED']),
  version: z.number(),
  definition,
  pausedAt: z.date().nullable(),
  pausedBy: z.string().nullable(),
  createdAt: z.date(),
  updatedAt: z.date(),
});
/** A workflow with its current definition. */
const mendedWorkflow = mended('workflow', workflowRow);
export type WorkflowRow = z.output<typeof mendedWorkflow>;

const COLUMNS = sql.fragment`w.id, w."projectId", w.name, w.status, w.version, v.definition, w."pausedAt", w."pausedBy", w."createdAt", w."updatedAt"`;
const CURRENT = sql.fragment`"Workflow" w JOIN "WorkflowVersion" v ON v."workflowId" = w.id AND v.version = w.version`;

/** The condition "is this workflow", by id or by name; names are never shaped like ids. */
function isWorkflow(idOrName: string): Fragment {
  return isUuid(idOrName) ? sql.fragment`w.id = ${idOrName}` : sql.fragment`w.name = ${idOrName}`;
}

/** By id or name; a name that several projects have means the default project's. */
export function findWorkflow(db: Queryable, idOrName: string): Promise<WorkflowRow | null> {
  return db.maybeOne(sql.type(mendedWorkflow)`
    SELECT ${COLUMNS} FROM ${CURRENT} WHERE ${isWorkflow(idOrName)} ORDER BY w."projectId" <> 'default', w."projectId" LIMIT 1`);
}

export function findWorkflowId(db: Queryable, idOrName: string): Promise<string | null> {
  return db.maybeOneFirst(sql.type(z.object({ id: z.string() }))`
    SELECT w.id FROM "Workflow" w WHERE ${isWorkflow(idOrName)} ORDER BY w."projectId" <> 'default', w."projectId" LIMIT 1`);
}

export interface WorkflowFilter {
  readonly status?: string | undefined;
  readonly projectId?: string | undefined;
  readonly q?: string | undefined;
}

const listedWorkflow = mended('workflow', workflowRow.extend({ cursor: z.string() }));

/** Newest first. */
export function listWorkflows(
  db: Queryable,
  filter: WorkflowFilter,
  page: Page,
): Promise<readonly z.output<typeof listedWorkflow>[]> {
  const createdAt = sql.fragment`w."createdAt"`;
  const id = sql.fragment`w.id`;
  const conditions = [
    olderThan(createdAt, id, page.cursor),
    ...(filter.status === undefined ? [] : [sql.fragment`w.status = ${filter.status}`]),
    ...(filter.projectId === undefined ? [] : [sql.fragment`w."projectId" = ${filter.projectId}`]),
    ...(filter.q === undefined
      ? []
      : [sql.fragment`strpos(lower(w.name || ' ' || coalesce(w.description, '')), lower(${filter.q})) > 0`]),
  ];
  return db.any(sql.type(listedWorkflow)`
    SELECT ${COLUMNS}, ${cursorOf(createdAt, id)} AS cursor FROM ${CURRENT}
    WHERE ${all(conditions)} ORDER BY w."createdAt" DESC, w.id DESC LIMIT ${page.limit}`);
}

const versionRow = mended(
  'workflow_version',
  z.object({ version: z.number(), definition, createdBy: z.string().nullable(), createdAt: z.date() }),
);
export type VersionRow = z.output<typeof versionRow>;

/** Newest first, older than the version `before`. */
export function listVersions(
  db: Queryable,
  workflowId: string,
  { limit, before }: { limit: number; before?: number | undefined },
): Promise<readonly VersionRow[]> {
  return db.any(sql.type(versionRow)`
    SELECT version, definition, "createdBy", "createdAt" FROM "WorkflowVersion"
    WHERE "workflowId" = ${workflowId} AND version < ${before ?? 2_147_483_647} ORDER BY version DESC LIMIT ${limit}`);
}

export function findVersion(db: Queryable, workflowId: string, version: number): Promise<VersionRow | null> {
  return db.maybeOne(sql.type(versionRow)`
    SELECT version, definition, "createdBy", "createdAt" FROM "WorkflowVersion"
    WHERE "workflowId" = ${workflowId} AND version = ${version}`);
}

/** Pauses a workflow (new runs are refused) or resumes it; false when it was so already. */
export async function pauseWorkflow(db: Queryable, id: string, paused: boolean, by: string): Promise<boolean> {
  const { rowCount } = await db.query(sql.unsafe`
    UPDATE "Workflow" SET "pausedAt" = ${paused ? sql.fragment`now()` : sql.fragment`NULL`},
      "pausedBy" = ${paused ? by : null}, "updatedAt" = now()
    WHERE id = ${id} AND ("pausedAt" IS NOT NULL) <> ${paused}`);
  return rowCount > 0;
}

const triggered = mended('workflow', z.object({ id: z.string(), name: z.string(), version: z.number(), definition }));
export type TriggeredWorkflow = z.output<typeof triggered>;

/** The active workflows with a trigger of this type, oldest first. */
export function listTriggeredBy(db: Queryable, triggerType: string): Promise<readonly TriggeredWorkflow[]> {
  return db.any(sql.type(triggered)`
    SELECT w.id, w.name, w.version, v.definition FROM ${CURRENT}
    WHERE w.status = 'ACTIVE' AND w."pausedAt" IS NULL AND v.definition -> 'triggers' @> ${sql.jsonb([{ type: triggerType }])}
    ORDER BY w."createdAt", w.id`);
}

const surroundings = z.object({
  agents: z.array(z.object({ name: z.string(), inputSchema: schema })),
  workflows: z.array(z.object({ name: z.string(), subWorkflows: z.array(z.string()), inputSchema: schema.nullable() })),
});
export type Surroundings = z.output<typeof surroundings>;

/** What a definition of the project is checked against: the registered agents, and which workflow calls which. */
export function findSurroundings(db: Queryable, projectId: string): Promise<Surroundings> {
  return db.one(sql.type(surroundings)`
    SELECT
      (SELECT coalesce(jsonb_agg(jsonb_build_object('name', name, 'inputSchema', "inputSchema")), '[]') FROM "Agent") AS agents,
      (SELECT coalesce(jsonb_agg(jsonb_build_object('name', w.name, 'inputSchema', v.definition -> 'inputSchema',
          'subWorkflows', jsonb_path_query_array(v.definition, '$.nodes[*].workflow ? (@.type() == "string")'))), '[]')
        FROM ${CURRENT} WHERE w."projectId" = ${projectId}) AS workflows`);
}

function isDefinition(value: unknown): value is JsonObject {
  if (typeof value !== 'object' || value === null) return false;
  const { nodes, edges } = value as Partial<Record<string, unknown>>;
  return isListOf(nodes, ['id']) && isListOf(edges, ['from', 'to']);
}

function isListOf(value: unknown, fields: readonly string[]): boolean {
  if (!Array.isArray(value)) return false;
  return value.every((each: unknown) => {
    if (typeof each !== 'object' || each === null) return false;
    return fields.every((field) => typeof (each as Record<string, unknown>)[field] === 'string');
  });
}
