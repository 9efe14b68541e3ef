import { z } from 'zod';
import { findBlockingFacts } from '../../sql/queries/blocking.ts';
import { listLogLines } from '../../sql/queries/logs.ts';
import { findRunWithNodes } from '../../sql/queries/runs.ts';
import { AppError } from '../../contracts/errors.ts';
import type { Api } from '../api.ts';
import { eventStream } from '../event-stream.ts';
import { time } from '../identifiers.ts';
import { integerParameter, LIST_HEADERS } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { blockingReason } from './blocking-reason.ts';
import { blockingSchema, type BlockingReason } from './blocking-schema.ts';
import { requireNode, requireOwned } from './find-run.ts';
import { followLogs, presentLine, readPosition, START } from './follow-logs.ts';
import { presentNode } from './present.ts';
import * as wire from './schema.ts';

const tag = 'Runs';

export const listAgentRuns = defineRoute({
  id: 'listAgentRuns',
  method: 'GET',
  path: '/api/workflows/:id/runs/:runId/agent-runs',
  scope: 'viewer',
  tag,
  summary: 'The nodes of a run, in the order of the definition',
  description: 'One row per node from the creation of the run on; the instances of a forEach node follow it, in order.',
  params: wire.runParams,
  responses: { 200: { description: 'All nodes', schema: z.array(wire.agentRunSchema) } },
  async handle({ params: { id, runId }, api }) {
    const run = await requireOwned(api, id, runId, await findRunWithNodes(api.db, runId));
    return { status: 200, body: run.nodes.map(presentNode) };
  },
});

const logLine = z.strictObject({ attempt: z.int(), line: z.int(), at: time, text: z.string() }).meta({ id: 'LogLine' });

export const getLogs = defineRoute({
  id: 'getLogs',
  method: 'GET',
  path: '/api/workflows/:id/runs/:runId/agent-runs/:agentRunId/logs',
  scope: 'viewer',
  tag,
  summary: 'What an agent wrote to stderr',
  description:
    'Line by line with time and attempt, oldest first; each attempt is kept up to 1 MiB, and says so where it was cut. With `?follow=1` ' +
    'the lines come as server-sent events (`id` is `<attempt>.<line>`) until the node has ended; `Last-Event-ID` resumes.',
  params: wire.nodeParams,
  query: z.strictObject({
    attempt: integerParameter(0, 1_000_000).optional(),
    follow: z.enum(['0', '1', 'true', 'false']).optional(),
    limit: integerParameter(1, 10_000).default(1_000),
    cursor: z
      .string()
      .regex(/^\d{1,9}\.\d{1,9}$/, 'Take it from the Link header of the page before')
      .optional(),
  }),
  headers: { 'Last-Event-ID': 'The `id` of the last line that was received, when following' },
  responses: {
    200: { description: 'The lines, or their stream', schema: z.array(logLine), headers: LIST_HEADERS },
  },
  async handle({ params, query: { attempt, follow, limit, cursor }, principal, api, ctx }) {
    await requireNode(api, params);
    const { runId, agentRunId } = params;
    if (follow === '1' || follow === 'true') {
      const after = readPosition(ctx.get('last-event-id'));
      const signal = api.openStreams.open(ctx, principal);
      return eventStream(followLogs(api, { runId, agentRunId, after, attempt, signal }));
    }
    const after = cursor === undefined ? START : readPosition(cursor);
    const lines = await listLogLines(api.db, agentRunId, { after, attempt, limit });
    return { status: 200, body: lines.map(presentLine), headers: nextPage(ctx, lines, limit) };
  },
});

function nextPage(
  { path, querystring }: { path: string; querystring: string },
  lines: readonly { attempt: number; line: number }[],
  limit: number,
): Record<string, string> {
  const last = lines.at(-1);
  if (!last || lines.length < limit) return {};
  const next = new URLSearchParams(querystring);
  next.set('cursor', `${String(last.attempt)}.${String(last.line)}`);
  return { Link: `<${path}?${next.toString()}>; rel="next"` };
}

export const explainNode = defineRoute({
  id: 'explainAgentRun',
  method: 'GET',
  path: '/api/workflows/:id/runs/:runId/agent-runs/:agentRunId/why',
  scope: 'viewer',
  tag,
  summary: 'Why a node does not run',
  description: 'The one reason that holds it back now, the first that applies; or that it runs, or has ended.',
  params: wire.nodeParams,
  responses: { 200: { description: 'The reason', schema: blockingSchema } },
  async handle({ params, api }) {
    await requireNode(api, params);
    const facts = await findBlockingFacts(api.db, params.agentRunId);
    if (!facts) throw new AppError('NOT_FOUND', `There is no agent run ${params.agentRunId}`);
    return { status: 200, body: await orRedis(blockingReason(facts), api) };
  },
});

const REDIS_ANSWERS_MS = 1_000;

/** What waits for a worker waits for the queues first. */
async function orRedis(reason: BlockingReason, { queues }: Api): Promise<BlockingReason> {
  if (reason.reason !== 'queue') return reason;
  const answers = await queues.ping(REDIS_ANSWERS_MS).then(
    () => true,
    () => false,
  );
  if (answers) return reason;
  return {
    ...reason,
    reason: 'redis_away',
    message: 'The queues are away (Redis does not answer): it goes on when they are back',
  };
}
