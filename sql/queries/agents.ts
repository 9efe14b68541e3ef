import { sql } from 'slonik';
import { z } from 'zod';
import { isUuid } from '../../contracts/uuid.ts';
import type { JsonObject } from '../../contracts/json.ts';
import { mended } from '../mended.ts';
import type { Queryable } from '../pool.ts';
import { toJsonText } from '../storable.ts';
import { cursorOf, olderThan, type Page } from './page.ts';

const object = z.custom<JsonObject>((value) => typeof value === 'object' && value !== null && !Array.isArray(value));

const agentRow = z.object({
  id: z.string(),
  name: z.string(),
  version: z.string(),
  description: z.string().nullable(),
  riskLevel: z.enum(['AUTO', 'APPROVAL_REQUIRED']),
  inputSchema: object,
  outputSchema: object,
  image: z.string().nullable(),
  manifest: object,
  source: z.enum(['folder', 'api']),
  maxConcurrent: z.number().nullable(),
  pausedAt: z.date().nullable(),
  pausedBy: z.string().nullable(),
  createdAt: z.date(),
  updatedAt: z.date(),
});
const mendedAgent = mended('agent', agentRow);
export type AgentRow = z.output<typeof mendedAgent>;

const COLUMNS = sql.fragment`id, name, version, description, "riskLevel", "inputSchema", "outputSchema", image, manifest, source,
  "maxConcurrent", "pausedAt", "pausedBy", "createdAt", "updatedAt"`;

/** By id or name. */
export function findAgent(db: Queryable, idOrName: string): Promise<AgentRow | null> {
  const condition = isUuid(idOrName) ? sql.fragment`id = ${idOrName}` : sql.fragment`name = ${idOrName}`;
  return db.maybeOne(sql.type(mendedAgent)`SELECT ${COLUMNS} FROM "Agent" WHERE ${condition}`);
}

const listedAgent = mended('agent', agentRow.extend({ cursor: z.string() }));

/** Newest first. */
export function listAgents(db: Queryable, page: Page): Promise<readonly z.output<typeof listedAgent>[]> {
  const createdAt = sql.fragment`"createdAt"`;
  const id = sql.fragment`id`;
  return db.any(sql.type(listedAgent)`
    SELECT ${COLUMNS}, ${cursorOf(createdAt, id)} AS cursor FROM "Agent"
    WHERE ${olderThan(createdAt, id, page.cursor)} ORDER BY "createdAt" DESC, id DESC LIMIT ${page.limit}`);
}

export interface AgentFields {
  readonly name: string;
  readonly version: string;
  readonly description: string | null;
  readonly riskLevel: AgentRow['riskLevel'];
  readonly inputSchema: JsonObject;
  readonly outputSchema: JsonObject;
  readonly image: string | null;
  readonly manifest: JsonObject;
  readonly maxConcurrent: number | null;
}

/** @throws AppError CONFLICT when the name is taken. */
export function insertAgent(db: Queryable, agent: AgentFields): Promise<AgentRow> {
  return db.one(sql.type(mendedAgent)`
    INSERT INTO "Agent" (name, version, description, "riskLevel", "inputSchema", "outputSchema", image, manifest, "maxConcurrent", source)
    VALUES (${agent.name}, ${agent.version}, ${agent.description}, ${agent.riskLevel}, ${toJsonText(agent.inputSchema)}::jsonb,
      ${toJsonText(agent.outputSchema)}::jsonb, ${agent.image}, ${toJsonText(agent.manifest)}::jsonb, ${agent.maxConcurrent}, 'api')
    RETURNING ${COLUMNS}`);
}

/** Null when there is no such agent. The source stays: a folder's agent is registered anew at the next start. */
export function updateAgent(db: Queryable, id: string, agent: AgentFields): Promise<AgentRow | null> {
  return db.maybeOne(sql.type(mendedAgent)`
    UPDATE "Agent" SET name = ${agent.name}, version = ${agent.version}, description = ${agent.description}, "riskLevel" = ${agent.riskLevel},
      "inputSchema" = ${toJsonText(agent.inputSchema)}::jsonb, "outputSchema" = ${toJsonText(agent.outputSchema)}::jsonb,
      image = ${agent.image}, manifest = ${toJsonText(agent.manifest)}::jsonb, "maxConcurrent" = ${agent.maxConcurrent}, "updatedAt" = now()
    WHERE id = ${id} RETURNING ${COLUMNS}`);
}

/** Names of workflows, at most ten, whose current definition uses the agent. */
export async function workflowsUsingAgent(db: Queryable, name: string): Promise<readonly string[]> {
  return db.anyFirst(sql.type(z.object({ name: z.string() }))`
    SELECT w.name FROM "Workflow" w JOIN "WorkflowVersion" v ON v."workflowId" = w.id AND v.version = w.version
    WHERE v.definition -> 'nodes' @> ${sql.jsonb([{ agent: name }])} ORDER BY w.name LIMIT 10`);
}

/** False when there was none. */
export async function deleteAgent(db: Queryable, id: string): Promise<boolean> {
  const { rowCount } = await db.query(sql.unsafe`DELETE FROM "Agent" WHERE id = ${id}`);
  return rowCount > 0;
}

/** Pauses an agent (its nodes wait) or resumes it; null when it is unknown or was so already. */
export function pauseAgent(db: Queryable, id: string, paused: boolean, by: string): Promise<AgentRow | null> {
  return db.maybeOne(sql.type(mendedAgent)`
    UPDATE "Agent" SET "pausedAt" = ${paused ? sql.fragment`now()` : sql.fragment`NULL`}, "pausedBy" = ${paused ? by : null}, "updatedAt" = now()
    WHERE id = ${id} AND ("pausedAt" IS NOT NULL) <> ${paused} RETURNING ${COLUMNS}`);
}
