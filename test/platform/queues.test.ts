import assert from 'node:assert/strict';
import type { FlowJob } from 'bullmq';
import { createLogger } from '../../platform/log.ts';
import { createQueueBackend, type QueueBackend, type QueueSettings } from '../../platform/queues.ts';
import { createEmptyDatabase } from '../support/database.ts';
import { testPrefix } from '../support/redis.ts';
import { waitFor } from '../support/wait-for.ts';

const log = createLogger({ level: 'silent' });
const FAR_AWAY_MS = 10 * 365 * 24 * 3_600_000;

interface Ground {
  settings: QueueSettings;
  /** What remains after the jobs are done: keys of jobs, or rows. */
  cleanup(): Promise<void>;
}

const GROUNDS: Record<QueueSettings['kind'], () => Promise<Ground>> = {
  redis: () => {
    const { redisUrl, prefix, cleanup } = testPrefix('queues');
    return Promise.resolve({ settings: { kind: 'redis', url: redisUrl, prefix }, cleanup });
  },
  postgres: async () => {
    const { url, drop } = await createEmptyDatabase();
    return { settings: { kind: 'postgres', databaseUrl: url }, cleanup: drop };
  },
};

/** a → (b, c) → d as a tree: `a` hangs below `b` alone, so a gate holds `c` back. */
function diamond(run: string): FlowJob {
  const node = (name: string, children: FlowJob[] = []): FlowJob => ({
    name,
    queueName: 'nodes',
    data: {},
    opts: { jobId: `${run}.${name}`, removeOnComplete: true, ignoreDependencyOnFailure: true },
    children,
  });
  const gate: FlowJob = {
    name: 'gate',
    queueName: 'gates',
    data: {},
    opts: { jobId: `${run}.gate-c`, delay: FAR_AWAY_MS },
  };
  return node('finalize', [node('d', [node('b', [node('a')]), node('c', [gate])])]);
}

for (const [kind, prepare] of Object.entries(GROUNDS)) {
  describe(`queues on ${kind}`, () => {
    let ground: Ground;
    let backend: QueueBackend;

    before(async () => {
      ground = await prepare();
      backend = await createQueueBackend(ground.settings, log);
    });

    after(async () => {
      await backend.close();
      await ground.cleanup();
    });

    it('runs a diamond in dependency order when the gate of the second branch is removed', async () => {
      const order: string[] = [];
      const worker = backend.worker('nodes', async (job) => {
        if (job.name === 'a') assert.ok(!order.includes('c'), 'c waits for its gate');
        order.push(job.name);
        if (job.name === 'a') await backend.queue('gates').remove('diamond.gate-c');
      });
      await backend.flowProducer().add(diamond('diamond'));
      await waitFor(() => order.includes('finalize'), { describe: 'the root of the flow' });
      await worker.close();
      assert.deepEqual([order[0], order.slice(1, 3).sort(), order.slice(3)], ['a', ['b', 'c'], ['d', 'finalize']]);
    });

    it('keeps a gated node back as long as its gate is there', async () => {
      const queue = backend.queue('nodes');
      const order: string[] = [];
      await backend.flowProducer().add(diamond('held'));
      const worker = backend.worker('nodes', (job) => Promise.resolve(order.push(job.name)));
      await waitFor(() => order.includes('b'), { describe: 'b' });
      assert.equal(await (await queue.getJob('held.c'))?.getState(), 'waiting-children');
      assert.deepEqual(order, ['a', 'b']);
      await (await backend.queue('gates').getJob('held.gate-c'))?.remove();
      await waitFor(() => order.includes('finalize'), { describe: 'the root of the flow' });
      await worker.close();
    });

    it('releases a parent whose child failed, when the child says so', async () => {
      const done: string[] = [];
      const worker = backend.worker('nodes', (job) => {
        if (job.name === 'a') throw new Error('a breaks');
        return Promise.resolve(done.push(job.name));
      });
      const child = { name: 'a', queueName: 'nodes', opts: { ignoreDependencyOnFailure: true, attempts: 1 } };
      await backend.flowProducer().add({ name: 'parent', queueName: 'nodes', opts: {}, children: [child] });
      await waitFor(() => done.includes('parent'), { describe: 'the parent' });
      await worker.close();
    });

    it('runs a delayed job when its time has come, or when promoted', async () => {
      const queue = backend.queue('delays');
      const seen: string[] = [];
      const worker = backend.worker('delays', (job) => Promise.resolve(seen.push(job.name)));
      await queue.add('soon', {}, { delay: 150 });
      const later = await queue.add('later', {}, { delay: FAR_AWAY_MS });
      await later.promote();
      await waitFor(() => seen.length === 2, { describe: 'both delayed jobs' });
      await worker.close();
      assert.deepEqual(seen, ['later', 'soon']);
    });

    it('lets a job park itself and come back without losing its place', async () => {
      const { DelayedError } = await import('bullmq');
      let calls = 0;
      const worker = backend.worker('parking', async (job, token) => {
        calls += 1;
        if (calls > 1) return;
        await job.moveToDelayed(Date.now() + 100, token);
        throw new DelayedError();
      });
      await backend.queue('parking').add('parked', {}, { attempts: 1, removeOnComplete: true });
      await waitFor(() => calls === 2, { describe: 'the second call' });
      await worker.close();
      assert.equal(await backend.queue('parking').getFailedCount(), 0);
    });

    it('removes a waiting job so that no worker gets it', async () => {
      const queue = backend.queue('removals');
      const job = await queue.add('unwanted', {}, { jobId: 'unwanted' });
      await job.remove();
      assert.equal(await queue.getJob('unwanted'), undefined);
      assert.equal(await queue.count(), 0);
    });

    it('gives the same queue for the same name', () => {
      assert.equal(backend.queue('nodes'), backend.queue('nodes'));
    });

    it('answers a ping, also after the producer was reconnected', async () => {
      await backend.ping(1_000);
      await backend.reconnectProducer();
      await backend.ping(1_000);
      await backend.queue('removals').add('after', {}, { jobId: 'after' });
      await backend.queue('removals').remove('after');
    });
  });
}

describe('queues on a Redis that is away', () => {
  it('fail producers at once and say so, instead of hanging', async () => {
    const backend = await createQueueBackend({ kind: 'redis', url: 'redis://127.0.0.1:1', prefix: 'cctest-away' }, log);
    const start = performance.now();
    await assert.rejects(backend.ping(500), { code: 'UNAVAILABLE' });
    await assert.rejects(backend.queue('nodes').add('x', {}));
    await assert.rejects(backend.flowProducer().add({ name: 'x', queueName: 'nodes', opts: {} }));
    assert.ok(performance.now() - start < 10_000);
    await backend.close(500);
  }).timeout(8_000);
});
