import { z } from 'zod';
import { measureOutbox } from '../../sql/queries/events.ts';
import { findOverview } from '../../sql/queries/measures.ts';
import { uuid } from '../identifiers.ts';
import { defineRoute } from '../route.ts';

const overviewSchema = z
  .strictObject({
    activeRuns: z.record(z.string(), z.int()).describe('Open runs by status'),
    pendingApprovals: z.int(),
    failing: z
      .array(z.strictObject({ workflowId: uuid, workflowName: z.string(), failed: z.int(), lastRunId: uuid }))
      .describe('Workflows with failed runs in the last day, most failures first'),
    oldestReadySeconds: z.number().describe('How long the node that waits longest for a worker has waited'),
    workers: z.int().describe('Workers alive'),
    outbox: z.strictObject({ pending: z.int(), lagSeconds: z.number() }),
  })
  .meta({ id: 'Overview' });

export const getOverview = defineRoute({
  id: 'getOverview',
  method: 'GET',
  path: '/api/overview',
  scope: 'viewer',
  tag: 'Overview',
  summary: 'The service at a glance',
  responses: { 200: { description: 'Now', schema: overviewSchema } },
  async handle({ api }) {
    const [overview, outbox] = await Promise.all([findOverview(api.db), measureOutbox(api.db)]);
    return { status: 200, body: { ...overview, outbox } };
  },
});

const queueSchema = z.strictObject({ name: z.string(), jobs: z.record(z.string(), z.int()) }).meta({ id: 'Queue' });

export const listQueues = defineRoute({
  id: 'listQueues',
  method: 'GET',
  path: '/api/queues',
  scope: 'viewer',
  tag: 'Overview',
  summary: 'The queues with their jobs by state',
  responses: { 200: { description: 'Queues', schema: z.array(queueSchema) } },
  async handle({ api: { queues, queueNames } }) {
    const names = await queueNames();
    const counts = await Promise.all(names.map((name) => queues.queue(name).getJobCounts()));
    return { status: 200, body: names.map((name, index) => ({ name, jobs: counts[index] ?? {} })) };
  },
});
