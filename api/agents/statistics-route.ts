import { z } from 'zod';
import { measureAgents } from '../../sql/queries/agent-statistics.ts';
import { time } from '../identifiers.ts';
import { integerParameter } from '../paging.ts';
import { defineRoute } from '../route.ts';

const statisticsSchema = z
  .strictObject({
    agent: z.string().describe('Its name; it may have been unregistered since'),
    runs: z.int().describe('Nodes that ended in SUCCESS or FAILED'),
    succeeded: z.int(),
    failed: z.int(),
    successRate: z.number(),
    retries: z.int().describe('Attempts beyond the first'),
    medianMs: z.number().nullable().describe('Of those that succeeded: half of them were faster'),
    p95Ms: z.number().nullable().describe('Of those that succeeded: 95 % of them were faster'),
    lastEndedAt: time,
  })
  .meta({ id: 'AgentStatistics' });

export const listAgentStatistics = defineRoute({
  id: 'listAgentStatistics',
  method: 'GET',
  path: '/api/agent-statistics',
  scope: 'viewer',
  tag: 'Agents',
  summary: 'How often agents succeed, and how long they take',
  description:
    'Of the newest 300 nodes of each agent in the last days. One without an ended node among them is not in the list.',
  query: z.strictObject({ days: integerParameter(1, 90).default(7) }),
  responses: { 200: { description: 'By name', schema: z.array(statisticsSchema) } },
  async handle({ query: { days }, api }) {
    const rows = await measureAgents(api.db, days);
    const body = rows.map((row) => ({
      ...row,
      successRate: row.succeeded / row.runs,
      lastEndedAt: row.lastEndedAt.toISOString(),
    }));
    return { status: 200, body };
  },
});
