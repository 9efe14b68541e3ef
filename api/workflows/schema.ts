import { z } from 'zod';
import { idOrName, time, uuid } from '../identifiers.ts';
import { unreadableField } from '../unreadable.ts';

/** A definition as users write it; the OpenAPI document shows its JSON Schema, `checkDefinition` reads it. */
export const definitionBody = z.record(z.string(), z.unknown()).meta({ id: 'WorkflowDefinition' });

/** The definition with what we know besides. Its own fields are described by WorkflowDefinition. */
export const workflowSchema = z
  .looseObject({
    id: uuid,
    name: z.string(),
    projectId: z.string(),
    status: z.enum(['ACTIVE', 'DRAFT', 'ARCHIVED']),
    version: z.int(),
    nodes: z.array(z.looseObject({ id: z.string() })),
    edges: z.array(z.strictObject({ from: z.string(), to: z.string() })),
    pausedAt: time.nullable(),
    pausedBy: z.string().nullable(),
    createdAt: time,
    updatedAt: time,
    ...unreadableField,
  })
  .meta({ id: 'Workflow' });

export const versionSchema = z
  .strictObject({
    version: z.int(),
    createdBy: z.string().nullable(),
    createdAt: time,
    definition: z.record(z.string(), z.unknown()),
    ...unreadableField,
  })
  .meta({ id: 'WorkflowVersion' });

const change = z.strictObject({
  op: z.enum(['add', 'remove', 'replace']),
  path: z.string().describe('JSON Pointer; nodes are named by their id'),
  from: z.unknown().optional(),
  to: z.unknown().optional(),
});
export const diffSchema = z
  .strictObject({ from: z.int(), to: z.int(), changes: z.array(change) })
  .meta({ id: 'WorkflowDiff' });

export const workflowParams = z.strictObject({ id: idOrName });
const versionNumber = z
  .string()
  .regex(/^[1-9]\d{0,8}$/, 'Must be the number of a version')
  .transform(Number)
  .meta({ type: 'integer' });
export const versionParams = workflowParams.extend({ version: versionNumber });
export { versionNumber };
