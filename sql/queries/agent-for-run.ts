import { sql } from 'slonik';
import { z } from 'zod';
import type { JsonObject } from '../../contracts/json.ts';
import { mended } from '../mended.ts';
import type { Queryable } from '../pool.ts';
import { NO_ROWS } from '../no-rows.ts';

const object = z.custom<JsonObject>((value) => typeof value === 'object' && value !== null && !Array.isArray(value));

const agentForRun = mended(
  'agent',
  z.object({
    version: z.string(),
    riskLevel: z.enum(['AUTO', 'APPROVAL_REQUIRED']),
    inputSchema: object,
    outputSchema: object,
    image: z.string().nullable(),
    digest: z.string().nullable(),
    manifest: object,
    pausedAt: z.date().nullable(),
  }),
);
export type AgentForRun = z.infer<typeof agentForRun>;

/** What running an agent needs of the registry; null where there is no agent of this name. */
export async function findAgentForRun(db: Queryable, name: string): Promise<AgentForRun | null> {
  return db.maybeOne(sql.type(agentForRun)`
    SELECT version, "riskLevel", "inputSchema", "outputSchema", image, digest, manifest, "pausedAt" FROM "Agent" WHERE name = ${name}`);
}

export interface RegisteredAgent {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  readonly riskLevel: 'AUTO' | 'APPROVAL_REQUIRED';
  readonly inputSchema: JsonObject;
  readonly outputSchema: JsonObject;
  readonly image?: string;
  readonly digest?: string;
  readonly manifest: object;
}

/**
 * Registers the agents of a folder: new ones are added, known ones brought up to date. `maxConcurrent` is the manifest's; where
 * it names none, what was set through the API stays.
 */
export async function registerAgents(db: Queryable, agents: readonly RegisteredAgent[]): Promise<void> {
  await db.query(sql.type(NO_ROWS)`
    INSERT INTO "Agent" (name, version, description, "riskLevel", "inputSchema", "outputSchema", image, digest, manifest, "maxConcurrent", source)
    SELECT a.name, a.version, a.description, a."riskLevel", a."inputSchema", a."outputSchema", a.image, a.digest, a.manifest,
      (a.manifest ->> 'maxConcurrent')::integer, 'folder'
    FROM jsonb_to_recordset(${JSON.stringify(agents)}::jsonb) AS a(name text, version text, description text, "riskLevel" text,
      "inputSchema" jsonb, "outputSchema" jsonb, image text, digest text, manifest jsonb)
    ON CONFLICT (name) DO UPDATE SET version = excluded.version, description = excluded.description,
      "riskLevel" = excluded."riskLevel", "inputSchema" = excluded."inputSchema", "outputSchema" = excluded."outputSchema",
      image = coalesce(excluded.image, "Agent".image), digest = excluded.digest, manifest = excluded.manifest, source = 'folder',
      "maxConcurrent" = CASE WHEN excluded.manifest ? 'maxConcurrent' OR "Agent".manifest ? 'maxConcurrent'
        THEN excluded."maxConcurrent" ELSE "Agent"."maxConcurrent" END,
      "updatedAt" = now()
    WHERE ("Agent".version, "Agent".digest, "Agent".manifest, "Agent"."inputSchema", "Agent"."outputSchema", "Agent".description)
      IS DISTINCT FROM (excluded.version, excluded.digest, excluded.manifest, excluded."inputSchema", excluded."outputSchema",
        excluded.description)`);
}
