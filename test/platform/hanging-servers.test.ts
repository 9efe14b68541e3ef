import assert from 'node:assert/strict';
import { Redis } from 'ioredis';
import pg from 'pg';
import { createLogger } from '../../platform/log.ts';
import { createNats } from '../../platform/nats.ts';
import { createQueueBackend, isMissingScript, type QueueSettings } from '../../platform/queues.ts';
import type { ResolvedServices } from '../../platform/services.ts';
import { findBinary, findPostgres, programFolders } from '../../platform/services/binaries.ts';
import { linkToQueues } from '../support/queue-link.ts';
import { waitFor } from '../support/wait-for.ts';
import { createMachine, type Machine } from './local-services.ts';

const log = createLogger({ level: 'silent' });
const flow = { name: 'root', queueName: 'nodes', opts: {}, children: [{ name: 'leaf', queueName: 'nodes', opts: {} }] };

/** Stops processes as if their machine hung: connections stay open, nothing answers. */
async function whileStopped(pids: readonly number[], work: () => Promise<void>): Promise<void> {
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  try {
    await work();
  } finally {
    for (const pid of pids) process.kill(pid, 'SIGCONT');
  }
}

async function assertLate(ask: () => Promise<unknown>, ms: number): Promise<void> {
  const start = performance.now();
  await assert.rejects(ask(), { code: 'UNAVAILABLE', message: /did not answer within/ });
  assert.ok(performance.now() - start < ms + 10_000);
}

/** Waits until a worker of queues on Postgres listens. */
async function subscribed(databaseUrl: string): Promise<void> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  const isListening = async (): Promise<boolean> => {
    const listening = `state = 'idle' AND application_name = 'through-link' AND query ILIKE '%LISTEN%bullmq_jobs%'`;
    return (await client.query(`SELECT FROM pg_stat_activity WHERE ${listening}`)).rowCount === 1;
  };
  await waitFor(isListening, { describe: 'the worker to listen' }).finally(() => client.end());
}

/** Adds and runs jobs while all connections are lost, and nobody is told. */
async function goOnAfterLoss(settings: QueueSettings): Promise<void> {
  const { link, settings: far } = await linkToQueues(settings);
  const backend = await createQueueBackend(far, log);
  const queue = backend.queue('through-link');
  const seen: string[] = [];
  try {
    backend.worker('through-link', (job) => Promise.resolve(seen.push(job.name)));
    await queue.add('before', {});
    await waitFor(() => seen.includes('before'), { describe: `the first job on ${settings.kind}` });
    // a connection that is lost while BullMQ subscribes on it is noticed only when the system gives it up
    if (settings.kind === 'postgres') await subscribed(settings.databaseUrl);

    link.lose();
    await assert.rejects(queue.add('lost', {}));
    await waitFor(() => queue.add('after', {}), { describe: `the producer of ${settings.kind} to be connected` });
    await waitFor(() => seen.includes('after'), { timeoutMs: 30_000, describe: `the worker of ${settings.kind}` });
  } finally {
    await backend.close();
    await link.close();
  }
}

describe('servers that hang', () => {
  let machine: Machine;
  let resolved: ResolvedServices;

  before(async function () {
    const folders = await programFolders(process.env.PATH ?? '');
    const servers = [findBinary(['redis-server', 'valkey-server'], folders), findBinary(['nats-server'], folders)];
    const missing =
      (await Promise.all(servers)).includes(undefined) || !(await findPostgres({ folders, npm: true })).length;
    if (missing) {
      this.skip();
    }
    machine = await createMachine();
    resolved = await machine.resolve();
  });
  after(async () => {
    await machine.stop(resolved);
    await machine.cleanup();
  });

  it('are noticed in time and found again on Redis, where producers fail instead of waiting', async () => {
    const backend = await createQueueBackend(resolved.queue, log);
    await backend.ping(1_000);
    await whileStopped([await machine.pidOf('redis')], async () => {
      await assertLate(() => backend.ping(300), 300);
      const adds = await Promise.allSettled([backend.queue('nodes').add('x', {}), backend.flowProducer().add(flow)]);
      assert.deepEqual(
        adds.map(({ status }) => status),
        ['rejected', 'rejected'],
      );
    });
    await waitFor(() => backend.ping(300).then(() => true), { describe: 'Redis to answer again' });
    await backend.flowProducer().add(flow);
    await backend.close();
  });

  it('are left for new connections when nothing comes on the old ones, by producers and workers', async function () {
    this.timeout(60_000);
    const postgres: QueueSettings = { kind: 'postgres', databaseUrl: resolved.databaseUrl };
    await Promise.all([goOnAfterLoss(resolved.queue), goOnAfterLoss(postgres)]);
  });

  it('are noticed in time and found again on NATS', async () => {
    const nats = createNats(resolved.natsUrl ?? '', log);
    await nats.ping(1_000);
    await whileStopped([await machine.pidOf('nats')], () => assertLate(() => nats.ping(300), 300));
    await waitFor(() => nats.ping(300).then(() => true), { describe: 'NATS to answer again' });
    await nats.close();
  });

  it('are noticed in time and found again on Postgres', async () => {
    const backend = await createQueueBackend({ kind: 'postgres', databaseUrl: resolved.databaseUrl }, log);
    const client = new pg.Client(resolved.databaseUrl);
    await client.connect();
    const { rows } = await client.query<{ pid: number }>(
      'SELECT pid FROM pg_stat_activity WHERE datname IS NOT NULL AND pid <> pg_backend_pid()',
    );
    await client.end();
    const backends = rows.map(({ pid }) => pid);
    await whileStopped([await machine.pidOf('postgres'), ...backends], () => assertLate(() => backend.ping(300), 300));
    await waitFor(() => backend.ping(300).then(() => true), { describe: 'Postgres to answer again' });
    await backend.close();
  });

  it('that forgot the scripts take flows again once the producer is reconnected', async () => {
    const backend = await createQueueBackend(resolved.queue, log);
    const admin = new Redis(resolved.queue.kind === 'redis' ? resolved.queue.url : '');
    await backend.flowProducer().add(flow);
    await admin.script('FLUSH');
    await assert.rejects(backend.flowProducer().add(flow), isMissingScript);
    await backend.reconnectProducer();
    await backend.flowProducer().add(flow);
    admin.disconnect();
    await backend.close();
  });

  it('were killed and came back have workers that go on by themselves', async () => {
    const backend = await createQueueBackend(resolved.queue, log);
    const seen: string[] = [];
    backend.worker('after-restart', (job) => Promise.resolve(seen.push(job.name)));
    await backend.queue('after-restart').add('before', {});
    await waitFor(() => seen.includes('before'), { describe: 'the first job' });
    process.kill(await machine.pidOf('redis'), 'SIGKILL');
    await waitFor(() => backend.queue('after-restart').add('after', {}), { describe: 'Redis to take jobs again' });
    await waitFor(() => seen.includes('after'), { describe: 'the job after the restart' });
    await backend.close();
  });
});
