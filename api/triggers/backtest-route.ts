import { z } from 'zod';
import { backtest } from '../../flows/backtest.ts';
import { parseDefinition } from '../../flows/definition.ts';
import { listKeptWebhooks, medianRunSeconds } from '../../sql/queries/webhooks.ts';
import { defineRoute } from '../route.ts';
import { checkSent } from '../workflows/check.ts';
import { requireWorkflow } from '../workflows/find-workflow.ts';
import { workflowParams } from '../workflows/schema.ts';
import { backtestSchema } from './schema.ts';

const MOST_WEBHOOKS = 20_000;
/** Of a workflow that has never run. */
const GUESSED_RUN_SECONDS = 60;

export const backtestTriggers = defineRoute({
  id: 'backtestTriggers',
  method: 'POST',
  path: '/api/workflows/:id/triggers/backtest',
  scope: 'operator',
  tag: 'Triggers',
  summary: 'Replay the kept webhooks against a workflow or a draft of it',
  description: 'Nothing is started or stored. Budgets and pauses are left out.',
  params: workflowParams,
  body: z
    .strictObject({
      days: z.int().min(1).max(90).default(7),
      definition: z.record(z.string(), z.unknown()).optional().describe('A draft; default: as it is stored'),
      runSeconds: z.number().positive().max(86_400).optional().describe('Default: the median of its last runs'),
    })
    .optional(),
  responses: { 200: { description: 'What would have started, and what not', schema: backtestSchema } },
  async handle({ params, body, api }) {
    const workflow = await requireWorkflow(api, params.id);
    const definition = body?.definition
      ? (await checkSent(api, body.definition)).definition
      : parseDefinition(workflow.definition);
    const runSeconds = body?.runSeconds ?? (await medianRunSeconds(api.db, workflow.id)) ?? GUESSED_RUN_SECONDS;
    const webhooks = await listKeptWebhooks(api.db, body?.days ?? 7, MOST_WEBHOOKS);
    return { status: 200, body: { ...backtest(definition, webhooks, { runSeconds }), runSeconds } };
  },
});
