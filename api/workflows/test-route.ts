import { z } from 'zod';
import type { Json } from '../../contracts/json.ts';
import { dryRun } from '../../flows/dry-run.ts';
import { compilePlan } from '../../flows/compile.ts';
import { parseDefinition } from '../../flows/definition.ts';
import { nodeIdSchema } from '../../flows/names.ts';
import { findWorkflow } from '../../sql/queries/workflows.ts';
import { defineRoute } from '../route.ts';
import { requireWorkflowId } from './find-workflow.ts';
import { workflowParams } from './schema.ts';

const dryNode = z.strictObject({
  nodeId: z.string(),
  outcome: z.enum(['SUPPLIED', 'WOULD_RUN', 'WOULD_WAIT', 'COMPUTED', 'SKIPPED', 'FAILED']),
  reason: z.string().optional(),
  input: z.unknown().optional(),
  items: z.int().optional(),
  output: z.unknown().optional(),
});

export const testWorkflow = defineRoute({
  id: 'testWorkflow',
  method: 'POST',
  path: '/api/workflows/:id/test',
  scope: 'operator',
  tag: 'Workflows',
  summary: 'Walk a workflow without running anything',
  description:
    'Resolves conditions, expressions and templates; starts no agent, waits for nobody and stores nothing. Give the outputs of nodes ' +
    'that later ones read.',
  params: workflowParams,
  body: z
    .strictObject({
      input: z.record(z.string(), z.unknown()).default({}),
      outputs: z.record(nodeIdSchema, z.unknown()).default({}).describe('Node id → output'),
    })
    .prefault({}),
  responses: { 200: { description: 'What each node would do', schema: z.strictObject({ nodes: z.array(dryNode) }) } },
  async handle({ params: { id }, body: { input, outputs }, api }) {
    const workflow = await findWorkflow(api.db, await requireWorkflowId(api, id));
    const plan = compilePlan(parseDefinition(workflow?.definition));
    const nodes = dryRun(plan, input as Json, outputs as Record<string, Json>);
    return { status: 200, body: { nodes } };
  },
});
