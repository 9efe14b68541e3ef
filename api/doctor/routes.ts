import { z } from 'zod';
import { createDispatcher } from '../../flows/dispatch.ts';
import { createPlans } from '../../flows/plans.ts';
import { NODE_STATUSES } from '../../contracts/statuses.ts';
import { findOpenNodes } from '../../sql/queries/doctor.ts';
import type { Api } from '../api.ts';
import { audit } from '../audit/audit.ts';
import { time, uuid } from '../identifiers.ts';
import { integerParameter } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { examine, type Examined, type Rooms } from './examine.ts';
import { repair } from './repair.ts';

const tag = 'Doctor';
const MOST = 500;

const openNodeSchema = z
  .strictObject({
    workflowRunId: uuid,
    workflowName: z.string(),
    agentRunId: uuid,
    nodeId: z.string(),
    itemIndex: z.int().nullable(),
    database: z.strictObject({
      status: z.enum(NODE_STATUSES),
      attempt: z.int(),
      ready: z.boolean().describe('A worker should have taken it by now'),
      waitingFor: z.string().nullable(),
      openDependencies: z.int(),
      updatedAt: time,
    }),
    job: z
      .enum(['live', 'held', 'missing'])
      .describe('live: a worker will look at it; held: it waits for children or its gate'),
    worker: z.strictObject({ id: z.string(), alive: z.boolean(), leaseUntil: time.nullable() }).nullable(),
    disagreement: z
      .strictObject({
        kind: z.enum(['no_job', 'gate_shut', 'lease_expired', 'worker_silent', 'miscounted']),
        message: z.string(),
        repair: z.string().describe('What POST /api/doctor/repair does about it'),
      })
      .nullable(),
  })
  .meta({ id: 'OpenNode' });

export const examineOpenNodes = defineRoute({
  id: 'examineOpenNodes',
  method: 'GET',
  path: '/api/doctor',
  scope: 'viewer',
  tag,
  summary: 'Open nodes, as Postgres, the queues and the workers see them',
  description:
    'Those without progress for longest come first. The reconciler repairs all of it by itself, every second.',
  query: z.strictObject({ workflowRunId: uuid.optional(), limit: integerParameter(1, MOST).default(100) }),
  responses: { 200: { description: 'Open nodes', schema: z.array(openNodeSchema) } },
  async handle({ api, query: { workflowRunId, limit } }) {
    const examined = await examineAll(api, roomsOf(api), { runId: workflowRunId, limit });
    return { status: 200, body: examined.map(present) };
  },
});

const repairSchema = z
  .strictObject({ agentRunId: uuid, kind: z.string(), repair: z.string() })
  .meta({ id: 'DoctorRepair' });

export const repairOpenNodes = defineRoute({
  id: 'repairOpenNodes',
  method: 'POST',
  path: '/api/doctor/repair',
  scope: 'operator',
  tag,
  summary: 'Repair what disagrees',
  description: 'Of one run, or of all. A repair of what was in order after all changes nothing.',
  body: z.strictObject({ workflowRunId: uuid.optional() }).optional(),
  responses: { 202: { description: 'What was done', schema: z.array(repairSchema) } },
  async handle({ api, body, principal, ctx }) {
    const rooms = roomsOf(api);
    const examined = await examineAll(api, rooms, { runId: body?.workflowRunId, limit: MOST });
    const wrong = examined.filter(({ disagreement }) => disagreement !== null);
    for (const one of wrong) await repair(one, rooms, api.hints);
    const done = wrong.flatMap(({ node: { agentRunId }, disagreement }) =>
      disagreement ? [{ agentRunId, kind: disagreement.kind, repair: disagreement.repair }] : [],
    );
    const change = { action: 'repairOpenNodes', target: body?.workflowRunId ?? 'all', after: done };
    await audit(api.db, { ctx, principal }, change);
    return { status: 202, body: done };
  },
});

function roomsOf({ db, queues, log }: Api): Rooms {
  return { plans: createPlans(db), dispatcher: createDispatcher(queues, log) };
}

async function examineAll({ db }: Api, rooms: Rooms, which: Parameters<typeof findOpenNodes>[1]): Promise<Examined[]> {
  const nodes = await findOpenNodes(db, which);
  return Promise.all(nodes.map((node) => examine(node, rooms)));
}

function present({ node, job, disagreement }: Examined): z.input<typeof openNodeSchema> {
  const { runId, workflowName, agentRunId, nodeId, itemIndex } = node;
  const { status, attempt, ready, waitingFor, openDependencies, updatedAt } = node;
  const { workerId, workerAlive, leaseUntil } = node;
  return {
    workflowRunId: runId,
    ...{ workflowName, agentRunId, nodeId, itemIndex, job, disagreement },
    database: { status, attempt, ready, waitingFor, openDependencies, updatedAt: updatedAt.toISOString() },
    worker:
      workerId === null ? null : { id: workerId, alive: workerAlive, leaseUntil: leaseUntil?.toISOString() ?? null },
  };
}
