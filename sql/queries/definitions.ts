import { randomUUID } from 'node:crypto';
import { sql } from 'slonik';
import { z } from 'zod';
import { isUuid } from '../../contracts/uuid.ts';
import { AppError } from '../../contracts/errors.ts';
import type { Json, JsonObject } from '../../contracts/json.ts';
import type { Queryable } from '../pool.ts';
import { toJsonText } from '../storable.ts';
import { NO_ROWS } from '../no-rows.ts';

/** Workflows with their versions: the definition as JSON, and its nodes and edges as rows for the engine's statements. */

const json: z.ZodType<Json> = z.any();

/** A row of "WorkflowNode" without its version. */
export interface StoredNode {
  readonly nodeIndex: number;
  readonly nodeId: string;
  readonly kind: string;
  readonly agentName?: string;
  readonly jobGroup: number;
  readonly dependencyCount: number;
  readonly runIf: string;
  readonly allowFailure: boolean;
  readonly finally: boolean;
  readonly sink: boolean;
  readonly queueTimeoutSeconds?: number;
}

/** A version as it is stored: what a plan's `toStoredVersion` gives. */
export interface StoredVersion {
  readonly definition: JsonObject;
  readonly nodes: readonly StoredNode[];
  readonly edges: readonly { readonly from: number; readonly to: number }[];
}

export interface WorkflowFacts {
  readonly name: string;
  readonly projectId: string;
  readonly description?: string;
  readonly status: string;
  readonly maxConcurrentRuns?: number;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Stores a new workflow with version 1.
 * @throws AppError CONFLICT on a name that the project has already
 */
export async function createWorkflow(
  db: Queryable,
  facts: WorkflowFacts,
  version: StoredVersion,
  createdBy: string,
): Promise<{ id: string; version: number; versionId: number }> {
  const id = randomUUID();
  return db.transaction(async (transaction) => {
    await transaction.query(sql.type(NO_ROWS)`
      INSERT INTO "Workflow" (id, "projectId", name, description, status, version, "maxConcurrentRuns", labels)
      VALUES (${id}, ${facts.projectId}, ${facts.name}, ${facts.description ?? null}, ${facts.status}, 1,
        ${facts.maxConcurrentRuns ?? null}, ${toJsonText(facts.labels)}::jsonb)`);
    const versionId = await insertVersion(transaction, id, 1, version, createdBy);
    return { id, version: 1, versionId };
  });
}

/**
 * Stores a changed definition as the next version; runs under way keep theirs.
 * @param ifVersion refuses when the current version is another one
 * @throws AppError NOT_FOUND, PRECONDITION_FAILED, CONFLICT
 */
export async function updateWorkflow(
  db: Queryable,
  id: string,
  facts: WorkflowFacts,
  version: StoredVersion,
  { createdBy, ifVersion }: { createdBy: string; ifVersion?: number },
): Promise<{ version: number; versionId: number }> {
  return db.transaction(async (transaction) => {
    const current = await transaction.maybeOneFirst(
      sql.type(z.object({ version: z.number() }))`SELECT version FROM "Workflow" WHERE id = ${id} FOR UPDATE`,
    );
    if (current === null) throw new AppError('NOT_FOUND', `There is no workflow ${id}`);
    if (ifVersion !== undefined && ifVersion !== current) {
      throw new AppError(
        'PRECONDITION_FAILED',
        `Workflow ${facts.name} is at version ${current}, not ${ifVersion}: read it again and repeat your change`,
      );
    }
    await transaction.query(sql.type(NO_ROWS)`
      UPDATE "Workflow" SET name = ${facts.name}, description = ${facts.description ?? null}, status = ${facts.status},
        version = ${current + 1}, "maxConcurrentRuns" = ${facts.maxConcurrentRuns ?? null},
        labels = ${toJsonText(facts.labels)}::jsonb, "updatedAt" = now()
      WHERE id = ${id}`);
    const versionId = await insertVersion(transaction, id, current + 1, version, createdBy);
    return { version: current + 1, versionId };
  });
}

/**
 * Deletes a workflow; its runs and their snapshots stay.
 * @throws AppError NOT_FOUND, or CONFLICT while runs are open
 */
export async function deleteWorkflow(db: Queryable, id: string): Promise<void> {
  await db.transaction(async (transaction) => {
    const name = await transaction.maybeOneFirst(
      sql.type(z.object({ name: z.string() }))`SELECT name FROM "Workflow" WHERE id = ${id} FOR UPDATE`,
    );
    if (name === null) throw new AppError('NOT_FOUND', `There is no workflow ${id}`);
    const open = await transaction.oneFirst(sql.type(z.object({ count: z.number() }))`
      SELECT count(*)::integer AS count FROM "WorkflowRun" WHERE "workflowId" = ${id} AND "finishedAt" IS NULL`);
    if (open > 0) {
      throw new AppError(
        'CONFLICT',
        `Workflow ${name} has ${open} open ${open === 1 ? 'run' : 'runs'}: cancel them first`,
      );
    }
    await transaction.query(sql.type(NO_ROWS)`DELETE FROM "Workflow" WHERE id = ${id}`);
  });
}

async function insertVersion(
  db: Queryable,
  workflowId: string,
  version: number,
  { definition, nodes, edges }: StoredVersion,
  createdBy: string,
): Promise<number> {
  return db.oneFirst(sql.type(z.object({ id: z.number() }))`
    WITH created AS (
      INSERT INTO "WorkflowVersion" ("workflowId", version, definition, "createdBy")
      VALUES (${workflowId}, ${version}, ${toJsonText(definition)}::jsonb, ${createdBy}) RETURNING id
    ), with_nodes AS (
      INSERT INTO "WorkflowNode" ("versionId", "nodeIndex", "nodeId", kind, "agentName", "jobGroup", "dependencyCount", "runIf",
        "allowFailure", "finally", sink, "queueTimeoutSeconds")
      SELECT created.id, n."nodeIndex", n."nodeId", n.kind, n."agentName", n."jobGroup", n."dependencyCount", n."runIf",
        n."allowFailure", n."finally", n.sink, n."queueTimeoutSeconds"
      FROM created, jsonb_to_recordset(${toJsonText(nodes)}::jsonb) AS n("nodeIndex" integer, "nodeId" text, kind text,
        "agentName" text, "jobGroup" integer, "dependencyCount" integer, "runIf" text, "allowFailure" boolean, "finally" boolean,
        sink boolean, "queueTimeoutSeconds" double precision)
    ), with_edges AS (
      INSERT INTO "WorkflowEdge" ("versionId", "from", "to")
      SELECT created.id, e."from", e."to" FROM created, jsonb_to_recordset(${toJsonText(edges)}::jsonb) AS e("from" integer, "to" integer)
    )
    SELECT id FROM created`);
}

const triggerable = z.object({
  id: z.string(),
  name: z.string(),
  projectId: z.string(),
  status: z.enum(['ACTIVE', 'DRAFT', 'ARCHIVED']),
  version: z.number(),
  versionId: z.number(),
  currentVersion: z.number(),
  pausedAt: z.date().nullable(),
});
/** With the reference that it answers. */
const keyedTriggerable = triggerable.extend({ key: z.number() });
/** What starting a run needs to know of its workflow. */
export type TriggerableWorkflow = z.infer<typeof triggerable>;

export interface WorkflowReference {
  /** Id or name. */
  readonly workflow: string;
  readonly projectId: string;
  /** The current one where absent. */
  readonly version?: number;
}

/** Finds workflows by id or name; one answer per reference, null where there is no such workflow or version. */
export async function findTriggerable(
  db: Queryable,
  references: readonly WorkflowReference[],
): Promise<readonly (TriggerableWorkflow | null)[]> {
  const asked = references.map(({ workflow, projectId, version }, key) => ({
    key,
    ...(isUuid(workflow) ? { id: workflow } : { name: workflow }),
    projectId,
    version,
  }));
  const rows = await db.any(sql.type(keyedTriggerable)`
    SELECT r.key, w.id, w.name, w."projectId", w.status, v.version, v.id AS "versionId", w.version AS "currentVersion", w."pausedAt"
    FROM jsonb_to_recordset(${toJsonText(asked)}::jsonb) AS r(key integer, id uuid, name text, "projectId" text, version integer)
    JOIN "Workflow" w ON w.id = r.id OR (w."projectId" = r."projectId" AND w.name = r.name)
    JOIN "WorkflowVersion" v ON v."workflowId" = w.id AND v.version = coalesce(r.version, w.version)`);
  const byKey = new Map(rows.map((row) => [row.key, row]));
  return references.map((_, key) => byKey.get(key) ?? null);
}

/** The definition of a version, or null. */
export async function findDefinition(db: Queryable, versionId: number): Promise<Json> {
  return db.maybeOneFirst(
    sql.type(z.object({ definition: json }))`SELECT definition FROM "WorkflowVersion" WHERE id = ${versionId}`,
  );
}

const agentPools = z.object({ name: z.string(), pool: z.string() });

/** The pools that registered agents ask for. */
export async function findAgentPools(db: Queryable): Promise<ReadonlyMap<string, string>> {
  const rows = await db.any(
    sql.type(
      agentPools,
    )`SELECT name, manifest ->> 'pool' AS pool FROM "Agent" WHERE manifest ->> 'pool' ~ '^[a-z][a-z0-9-]{0,62}$'`,
  );
  return new Map(rows.map(({ name, pool }) => [name, pool]));
}
