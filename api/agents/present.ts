import type { AgentRow } from '../../sql/queries/agents.ts';
import { unreadableNote } from '../unreadable.ts';
import type { AgentWire } from './schema.ts';

export function presentAgent(row: AgentRow): AgentWire {
  return {
    id: row.id,
    name: row.name,
    version: row.version,
    description: row.description,
    riskLevel: row.riskLevel,
    inputSchema: row.inputSchema,
    outputSchema: row.outputSchema,
    image: row.image,
    manifest: row.manifest,
    source: row.source,
    maxConcurrent: row.maxConcurrent,
    pausedAt: row.pausedAt?.toISOString() ?? null,
    pausedBy: row.pausedBy,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    ...unreadableNote(row),
  };
}
