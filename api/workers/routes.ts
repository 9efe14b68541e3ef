import { z } from 'zod';
import { AppError } from '../../contracts/errors.ts';
import { requestDrain } from '../../sql/queries/drain.ts';
import { listWorkers as findWorkers, type WorkerRow } from '../../sql/queries/measures.ts';
import { audit } from '../audit/audit.ts';
import { time } from '../identifiers.ts';
import { defineRoute, type Answer, type Call } from '../route.ts';
import { unreadableField } from '../unreadable.ts';

const tag = 'Overview';
const workerParams = z.strictObject({ id: z.string().min(1).max(300).describe('As the list of workers says it') });
const accepted = { description: 'It is told; the list of workers shows how far it is' };

export const workerSchema = z
  .strictObject({
    id: z.string(),
    host: z.string(),
    pid: z.int(),
    roles: z.array(z.string()),
    pools: z.array(z.string()),
    concurrency: z.int(),
    version: z.string().nullable(),
    startedAt: time,
    heartbeatAt: time,
    alive: z.boolean(),
    running: z.int().describe('Nodes that it holds'),
    drainRequestedAt: time.nullable().describe('Since when it is asked to take nothing new'),
    drainedAt: time.nullable().describe('When it had ended all that it had'),
    ...unreadableField,
  })
  .meta({ id: 'Worker' });

export const listWorkers = defineRoute({
  id: 'listWorkers',
  method: 'GET',
  path: '/api/workers',
  scope: 'viewer',
  tag,
  summary: 'The workers of the last hour',
  responses: { 200: { description: 'Workers, those alive first', schema: z.array(workerSchema) } },
  handle: async ({ api }) => ({ status: 200, body: (await findWorkers(api.db)).map(presentWorker) }),
});

export const drainWorker = defineRoute({
  id: 'drainWorker',
  method: 'POST',
  path: '/api/workers/:id/drain',
  scope: 'operator',
  tag,
  summary: 'Let a worker end what it has and take nothing new',
  description: 'It goes on running, idle, until it is stopped or resumed; `drainedAt` says when nothing is left.',
  params: workerParams,
  body: z.strictObject({}).optional(),
  responses: { 202: accepted },
  handle: (call) => ask(call, true),
});

export const resumeWorker = defineRoute({
  id: 'resumeWorker',
  method: 'POST',
  path: '/api/workers/:id/resume',
  scope: 'operator',
  tag,
  summary: 'Let a worker that drains, or has drained, work again',
  params: workerParams,
  body: z.strictObject({}).optional(),
  responses: { 202: accepted },
  handle: (call) => ask(call, false),
});

async function ask({ params, principal, api, ctx }: Call<{ id: string }>, isDrain: boolean): Promise<Answer> {
  const { id } = params;
  await api.db.transaction(async (db) => {
    if (!(await requestDrain(db, id, isDrain))) throw new AppError('NOT_FOUND', `There is no worker ${id} at work`);
    await audit(db, { ctx, principal }, { action: isDrain ? 'drainWorker' : 'resumeWorker', target: id });
  });
  api.hints.publish('drain', { workerId: id });
  return { status: 202, body: { workerId: id, drain: isDrain } };
}

function presentWorker({ startedAt, heartbeatAt, drainRequestedAt, drainedAt, ...row }: WorkerRow) {
  return {
    ...row,
    startedAt: startedAt.toISOString(),
    heartbeatAt: heartbeatAt.toISOString(),
    drainRequestedAt: drainRequestedAt?.toISOString() ?? null,
    drainedAt: drainedAt?.toISOString() ?? null,
  };
}
