import { z } from 'zod';
import type { Json } from '../../contracts/json.ts';
import { nodeIdSchema } from '../../flows/names.ts';
import { audit } from '../audit/audit.ts';
import { uuid } from '../identifiers.ts';
import { defineRoute } from '../route.ts';
import { requireRun } from './find-run.ts';
import * as wire from './schema.ts';

const markBody = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('SKIPPED'), itemIndex: z.int().min(0).optional() }),
  z.strictObject({
    status: z.literal('SUCCESS'),
    output: z.unknown().describe('What later nodes read as its output'),
    itemIndex: z.int().min(0).optional(),
  }),
]);

export const markNode = defineRoute({
  id: 'markNode',
  method: 'POST',
  path: '/api/workflows/:id/runs/:runId/nodes/:nodeId/mark',
  scope: 'operator',
  tag: 'Run control',
  summary: 'Skip an open node, or give it an output',
  description: 'What runs for it is stopped. On a run that has ended, retry it instead.',
  params: wire.runParams.extend({ nodeId: nodeIdSchema }),
  body: markBody,
  responses: {
    202: {
      description: 'The node is settled',
      schema: z.strictObject({ workflowRunId: uuid, nodeId: z.string(), status: z.enum(['SKIPPED', 'SUCCESS']) }),
    },
    409: { description: 'The node is settled already' },
  },
  async handle({ params: { id, runId, nodeId }, body, principal, api, ctx }) {
    await requireRun(api, id, runId);
    const { itemIndex, ...given } = body;
    const mark =
      given.status === 'SUCCESS'
        ? { status: given.status, output: (given.output ?? null) as Json }
        : { status: given.status };
    await api.control.mark({ runId, nodeId, ...(itemIndex !== undefined && { itemIndex }) }, mark, principal.name);
    const { status } = given;
    await audit(api.db, { ctx, principal }, { action: 'markNode', target: runId, after: { nodeId, status } });
    return { status: 202, body: { workflowRunId: runId, nodeId, status } };
  },
});
