import { unreadableNote } from '../unreadable.ts';
import type { VersionRow, WorkflowRow } from '../../sql/queries/workflows.ts';

/** The stored definition, and around it what its row says. */
export function presentWorkflow(row: WorkflowRow) {
  return {
    ...row.definition,
    id: row.id,
    name: row.name,
    projectId: row.projectId,
    status: row.status,
    version: row.version,
    pausedAt: row.pausedAt?.toISOString() ?? null,
    pausedBy: row.pausedBy,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    ...unreadableNote(row),
  };
}

export function presentVersion({ version, createdBy, createdAt, definition, ...row }: VersionRow) {
  return { version, createdBy, createdAt: createdAt.toISOString(), definition, ...unreadableNote(row) };
}
