import { z } from 'zod';
import { nameSchema } from '../../flows/names.ts';
import { idOrName, time, uuid } from '../identifiers.ts';
import { unreadableField } from '../unreadable.ts';

const schemaObject = z.record(z.string(), z.unknown());

export const agentFields = z
  .strictObject({
    name: nameSchema,
    version: z.string().min(1).max(64).default('0.0.0'),
    description: z.string().max(4_096).nullish(),
    riskLevel: z.enum(['AUTO', 'APPROVAL_REQUIRED']).default('AUTO'),
    inputSchema: schemaObject.default({}),
    outputSchema: schemaObject.default({}),
    image: z
      .string()
      .max(512)
      .regex(/^[\w.:/@-]+$/, 'Must be the name of an image')
      .nullish(),
    manifest: schemaObject
      .default({})
      .describe('What package.json says under `commandcenter`: network, workspace, secrets, pool, …'),
    maxConcurrent: z.int().min(1).max(100_000).nullish().describe('How many of its runs at once, over all workflows'),
  })
  .meta({ id: 'AgentFields' });

export const agentSchema = z
  .strictObject({
    id: uuid,
    name: z.string(),
    version: z.string(),
    description: z.string().nullable(),
    riskLevel: z.enum(['AUTO', 'APPROVAL_REQUIRED']),
    inputSchema: schemaObject,
    outputSchema: schemaObject,
    image: z.string().nullable(),
    manifest: schemaObject,
    source: z.enum(['folder', 'api']).describe('An agent of a folder is registered anew at each start'),
    maxConcurrent: z.int().nullable(),
    pausedAt: time.nullable(),
    pausedBy: z.string().nullable(),
    createdAt: time,
    updatedAt: time,
    ...unreadableField,
  })
  .meta({ id: 'Agent' });
export type AgentWire = z.output<typeof agentSchema>;

export const agentParams = z.strictObject({ id: idOrName });
