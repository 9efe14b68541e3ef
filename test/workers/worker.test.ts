import assert from 'node:assert/strict';
import { STEPS_QUEUE } from '../../contracts/jobs.ts';
import { createHints, type Hints } from '../../platform/hints.ts';
import { createLogger } from '../../platform/log.ts';
import { createQueueBackend, type QueueBackend, type QueueSettings } from '../../platform/queues.ts';
import { DONE } from '../../workers/outcome.ts';
import { createWorker, type NodeWorker } from '../../workers/worker.ts';
import { testPrefix } from '../support/redis.ts';
import { waitFor } from '../support/wait-for.ts';

const log = createLogger({ level: 'silent' });

describe('a worker that is paused', function () {
  this.timeout(60_000);
  const { redisUrl, prefix, cleanup } = testPrefix('paused');
  const settings: QueueSettings = { kind: 'redis', url: redisUrl, prefix };
  const executed: string[] = [];
  let queues: QueueBackend;
  let hints: Hints;
  let worker: NodeWorker;

  before(async () => {
    queues = await createQueueBackend(settings, log);
    hints = createHints(settings, log);
    worker = createWorker({
      queues,
      hints,
      leases: { stopRun: () => undefined, stopAll: () => undefined },
      pools: [],
      executeNode: ({ runId }) => {
        executed.push(runId);
        return Promise.resolve(DONE);
      },
      finalizeRun: () => Promise.resolve(DONE),
      log,
    });
    await worker.start();
  });
  after(async () => {
    await worker.stop(0);
    await hints.close();
    await queues.close();
    await cleanup();
  });

  it('runs nothing that comes while it stops to ask, and all of it when it works again', async () => {
    const add = (runId: string) => queues.queue(STEPS_QUEUE).add('step', { runId }, { removeOnComplete: true });
    await add('before');
    await waitFor(() => executed.includes('before'), { describe: 'the worker to take jobs' });
    const paused = worker.pause();
    await add('meanwhile');
    await paused;
    assert.deepEqual(executed, ['before']);
    worker.resume();
    await waitFor(() => executed.length > 1, { timeoutMs: 30_000, describe: 'the job that came meanwhile' });
    assert.deepEqual(executed, ['before', 'meanwhile']);
  });
});
