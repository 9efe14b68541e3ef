import { z } from 'zod';
import { defineRoute, type Answer } from '../route.ts';
import type { Probe } from './probe.ts';

const live = z.strictObject({ status: z.literal('ok'), timestamp: z.iso.datetime() }).meta({ id: 'Health' });
const connected = z.strictObject({ status: z.literal('connected') });
const disconnected = z
  .strictObject({ status: z.literal('disconnected'), error: z.string() })
  .meta({ id: 'Disconnected' });

const part = z.strictObject({ status: z.enum(['ok', 'failed', 'off']), error: z.string().optional() });
const readiness = z
  .strictObject({
    status: z.enum(['ready', 'degraded', 'unavailable']),
    timestamp: z.iso.datetime(),
    parts: z.strictObject({ database: part, migrations: part, redis: part, nats: part, executor: part }),
  })
  .meta({ id: 'Readiness' });

export const getHealth = defineRoute({
  id: 'getHealth',
  method: 'GET',
  path: '/health',
  scope: 'public',
  rateLimited: false,
  tag: 'Health',
  summary: 'Whether the process serves',
  responses: { 200: { description: 'It does', schema: live } },
  handle: () => ({ status: 200, body: { status: 'ok', timestamp: new Date().toISOString() } }),
});

const connection = {
  200: { description: 'The server answers', schema: connected },
  503: { description: 'It does not, or not within 2 s', schema: disconnected },
};

export const getDatabaseHealth = defineRoute({
  id: 'getDatabaseHealth',
  method: 'GET',
  path: '/health/db',
  scope: 'public',
  rateLimited: false,
  tag: 'Health',
  summary: 'Whether Postgres answers',
  responses: connection,
  handle: async ({ api }) => connectionAnswer(await api.probes.database()),
});

export const getRedisHealth = defineRoute({
  id: 'getRedisHealth',
  method: 'GET',
  path: '/health/redis',
  scope: 'public',
  rateLimited: false,
  tag: 'Health',
  summary: 'Whether the queue’s server answers: Redis, or the tables in Postgres that stand in for it',
  responses: connection,
  handle: async ({ api }) => connectionAnswer(await api.probes.redis()),
});

export const getNatsHealth = defineRoute({
  id: 'getNatsHealth',
  method: 'GET',
  path: '/health/nats',
  scope: 'public',
  rateLimited: false,
  tag: 'Health',
  summary: 'Whether NATS answers',
  responses: connection,
  handle: async ({ api: { probes } }) =>
    connectionAnswer(probes.nats ? await probes.nats() : 'The NATS mirror is off: no server is configured'),
});

export const getReadiness = defineRoute({
  id: 'getReadiness',
  method: 'GET',
  path: '/health/ready',
  scope: 'public',
  rateLimited: false,
  tag: 'Health',
  summary: 'Whether requests should come here, with the state of each part',
  description:
    'Taking requests needs Postgres with its migrations, and nothing else: runs that come while Redis, NATS or the executor are ' +
    'away wait and lose nothing, so those make the service `degraded` (200), not `unavailable` (503).',
  responses: {
    200: { description: 'Ready, or degraded', schema: readiness },
    503: { description: 'Unavailable', schema: readiness },
  },
  async handle({ api: { probes } }) {
    const [database, migrations, redis, nats, executor] = await Promise.all(
      [probes.database, probes.migrations, probes.redis, probes.nats, probes.executor].map(partState),
    );
    const parts = { database, migrations, redis, nats, executor };
    const unavailable = [database, migrations].some((needed) => needed?.status === 'failed');
    const degraded = Object.values(parts).some((each) => each?.status === 'failed');
    const status = unavailable ? 'unavailable' : degraded ? 'degraded' : 'ready';
    return { status: unavailable ? 503 : 200, body: { status, timestamp: new Date().toISOString(), parts } };
  },
});

function connectionAnswer(error: string | null): Answer {
  return error === null
    ? { status: 200, body: { status: 'connected' } }
    : { status: 503, body: { status: 'disconnected', error } };
}

async function partState(probe: Probe | undefined): Promise<z.output<typeof part>> {
  if (!probe) return { status: 'off' };
  const error = await probe();
  return error === null ? { status: 'ok' } : { status: 'failed', error };
}
