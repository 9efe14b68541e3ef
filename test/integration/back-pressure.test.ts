import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { withClient } from '../../bench/chaos/history/read-postgres.ts';
import { createCaller } from '../../bench/chaos/load/caller.ts';
import { step } from '../../bench/chaos/load/definitions.ts';
import type { Replica } from '../../bench/chaos/rig/replica.ts';
import { startRig, type Rig } from '../../bench/chaos/rig/rig.ts';
import { missingServers } from '../../bench/chaos/rig/servers.ts';

const TRIGGERS = 600;
const CALLERS = 8;
/** All inputs together are more than a process may keep. */
const INPUT_BYTES = 200_000;
const HEAP_MB = 110;
const ALL_INPUTS_MB = (TRIGGERS * INPUT_BYTES) / 1024 / 1024;
const LOOK_MS = 200;

/** One slot whose agent needs a second: the worker takes at most one run a second, and hundreds come. */
describe('ten times the load that the workers take', function () {
  this.timeout(300_000);
  let rig: Rig;
  let api: Replica;
  let worker: Replica;
  let close: () => Promise<void> = () => Promise.resolve();
  const answers: number[] = [];
  const health: string[] = [];
  let peakMb = 0;

  before(async function () {
    const missing = await missingServers();
    if (missing.length > 0) {
      console.log(`    (skipped: ${missing.join(' and ')} not installed)`);
      this.skip();
    }
    rig = await startRig({ apis: 0, workers: 0, concurrency: 1 });
    close = rig.close;
    const env = { NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}` };
    api = await rig.add('api', env);
    worker = await rig.add('worker', env);
    const { client, define } = createCaller(rig);
    await define({ name: 'slow', nodes: [step('a', { ms: 1000 })] });

    const over = new AbortController();
    const watching = watch(over.signal);
    const text = 'x'.repeat(INPUT_BYTES);
    let left = TRIGGERS;
    await Promise.all(
      Array.from({ length: CALLERS }, async () => {
        while (left-- > 0) {
          const { status } = await client.post('/api/workflows/slow/trigger', {
            input: { journal: rig.journal, text },
          });
          answers.push(status);
        }
      }),
    );
    over.abort();
    await watching;
  });
  after(() => close());

  it('is far more than was worked on', async () => {
    const ended = await count('"finishedAt" IS NOT NULL');
    assert.ok(ended <= TRIGGERS / 10, `${ended} of ${TRIGGERS} runs have ended`);
  });

  it('is answered with 202, every trigger, and stored', async () => {
    assert.deepEqual([...new Set(answers)], [202]);
    assert.equal(await count('true'), TRIGGERS);
  });

  it('leaves the API and the worker healthy all the time', () => {
    assert.ok(health.length > 0);
    assert.deepEqual([...new Set(health)], ['api 200', 'worker 200']);
    assert.ok(api.isRunning && worker.isRunning);
  });

  it('stays out of the memory of the processes and of Redis', async () => {
    // the heap cannot hold the inputs: a process that kept them would have died; outside of the heap is bounded as well
    assert.ok(ALL_INPUTS_MB > HEAP_MB);
    assert.ok(peakMb < 3 * HEAP_MB, `a process had ${peakMb} MiB`);
    assert.ok((await redisMb()) < ALL_INPUTS_MB / 10);
  });

  async function watch(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      for (const replica of [api, worker]) {
        const answer = await fetch(`${replica.url}/health`).catch(() => undefined);
        health.push(`${replica.role} ${answer?.status ?? 'does not answer'}`);
        peakMb = Math.max(peakMb, await residentMb(replica.pid));
      }
      await delay(LOOK_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  function count(condition: string): Promise<number> {
    return withClient(rig.servers.databaseUrl, async (client) => {
      const { rows } = await client.query<{ n: number }>(
        `SELECT count(*)::integer AS n FROM "WorkflowRun" WHERE "workflowName" = 'slow' AND ${condition}`,
      );
      return rows[0]?.n ?? 0;
    });
  }

  async function redisMb(): Promise<number> {
    const redis = new Redis(rig.servers.redisUrl);
    try {
      const info = await redis.info('memory');
      return Number(/used_memory:(\d+)/.exec(info)?.[1]) / 1024 / 1024;
    } finally {
      redis.disconnect();
    }
  }
});

/** 0 where there is no /proc. */
async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
}
