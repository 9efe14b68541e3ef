import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { check, report } from '../../bench/chaos/check.ts';
import type { JournalLine } from '../../bench/chaos/history/history.ts';
import { readJournal } from '../../bench/chaos/history/read-files.ts';
import { readPostgres, withClient } from '../../bench/chaos/history/read-postgres.ts';
import { createCaller, type Caller } from '../../bench/chaos/load/caller.ts';
import { step } from '../../bench/chaos/load/definitions.ts';
import { becomeQuiet, becomeTidy, collectFrom } from '../../bench/chaos/rig/observe.ts';
import type { Replica } from '../../bench/chaos/rig/replica.ts';
import { startRig, type Rig } from '../../bench/chaos/rig/rig.ts';
import { missingServers } from '../../bench/chaos/rig/servers.ts';
import { logTail } from '../../platform/services/server-process.ts';
import { waitFor } from '../support/wait-for.ts';

const RECOVERY_MS = 20_000;

/** Two API replicas, workers and servers of its own, all real processes: what is promised when they are hurt. */
describe('a service that is hurt', function () {
  this.timeout(150_000);
  let rig: Rig;
  let caller: Caller;
  let close: () => Promise<void> = () => Promise.resolve();

  before(async function () {
    const missing = await missingServers();
    if (missing.length > 0) {
      console.log(`    (skipped: ${missing.join(' and ')} not installed)`);
      this.skip();
    }
    rig = await startRig({ apis: 2, workers: 2, concurrency: 4 });
    close = rig.close;
    caller = createCaller(rig);
    await caller.define({
      name: 'diamond',
      nodes: [
        step('top', { ms: 100 }),
        step('left', { ms: 300, dependsOn: ['top'] }),
        step('right', { ms: 100, dependsOn: ['top'] }),
        step('bottom', { ms: 100, dependsOn: ['left', 'right'] }),
      ],
    });
    await caller.define({ name: 'slow', nodes: [step('a', { ms: 4000 }), step('b', { ms: 50, dependsOn: ['a'] })] });
    await caller.define({ name: 'stopped', nodes: [step('a', { ms: 60_000 })] });
  });

  after(() => close());

  describe('whose worker is killed', () => {
    it('starts the next attempt within 20 s of a kill -9 of the worker, and never beside the old one', async () => {
      const runs = await triggerMany('slow', 'killed', 3);
      await waitFor(async () => (await starts(runs)).length >= 3, { describe: 'the agents to run', timeoutMs: 30_000 });
      const victim = await workerOf(runs[0] ?? '');
      const killedAt = Date.now();
      victim.signal('SIGKILL');
      const again = await waitFor(async () => (await starts(runs)).find(({ attempt }) => attempt === 2), {
        describe: 'the next attempt',
        timeoutMs: RECOVERY_MS + 5000,
      });
      assert.ok(again.at - killedAt < RECOVERY_MS, `it took ${again.at - killedAt} ms`);
      await Promise.all([rig.add('worker'), succeed(runs)]);
    });
  });

  describe('while one of its workers is asked to stop', () => {
    let runId = '';
    let leaving: Replica;

    before(async () => {
      [runId = ''] = await triggerMany('stopped', 'handed-back', 1);
      await waitFor(async () => (await starts([runId])).length > 0, {
        describe: 'the agent to run',
        timeoutMs: 30_000,
      });
      leaving = await workerOf(runId);
      leaving.signal('SIGTERM');
      await rig.add('worker');
    });

    it('starts one run for a hundred triggers with one key on two replicas', async () => {
      const answers = await Promise.all(Array.from({ length: 100 }, () => caller.trigger('diamond', 'the-one')));
      assert.equal(new Set(answers).size, 1);
      await succeed(answers.slice(0, 1));
    });

    it('ends every run with the results of its twins while FLUSHALL comes every two seconds', async () => {
      const redis = new Redis(rig.servers.redisUrl);
      const flushing = setInterval(() => void redis.flushall().catch(() => undefined), 2000);
      try {
        const runs = await triggerMany('diamond', 'flushed', 12);
        await redis.flushall();
        await succeed(runs);
      } finally {
        clearInterval(flushing);
        redis.disconnect();
      }
    });

    it('hands its node back, and another worker runs it', async () => {
      const again = async () => (await starts([runId])).some(({ attempt }) => attempt === 2);
      await waitFor(again, { describe: 'the node to run elsewhere', timeoutMs: 40_000 });
      assert.equal(await leaving.ended, 0, await logTail(join(rig.folder, 'worker.log')));
      await caller.client.insist(`/api/workflows/stopped/runs/${runId}/cancel`, {});
    });
  });

  describe('whose servers are killed', () => {
    it('accepts triggers while Redis is dead, and runs them when it is back', async () => {
      await rig.servers.redis.crash();
      const runs = await triggerMany('diamond', 'without-redis', 8);
      await rig.servers.redis.start();
      await succeed(runs);
    });

    it('loses nothing when Postgres crashes twice', async () => {
      const runs = await triggerMany('diamond', 'crashed', 8);
      await crashPostgres();
      const more = await triggerMany('diamond', 'crashed-again', 4);
      await crashPostgres();
      await succeed([...runs, ...more]);
    });

    it('mirrors every event without a gap after NATS was killed', async () => {
      await rig.servers.nats.crash();
      const runs = await triggerMany('diamond', 'without-nats', 4);
      await succeed(runs);
      await rig.servers.nats.start();
      await becomeQuiet(rig, 60_000);
      const { stream = [] } = await collectFrom(rig);
      for (const runId of runs) {
        const sequences = stream.filter((message) => message.runId === runId).map(({ sequence }) => sequence);
        assert.deepEqual(
          [...new Set(sequences)],
          Array.from({ length: sequences.at(-1) ?? 0 }, (_, index) => index + 1),
        );
      }
    });
  });

  describe('afterwards', () => {
    it('leaves a history in which every invariant holds', async () => {
      await becomeQuiet(rig, 40_000);
      await becomeTidy(rig, 30_000);
      const history = await collectFrom(rig);
      const verdicts = check(history);
      assert.ok(
        verdicts.every(({ violations }) => violations.length === 0),
        `\n${report(verdicts, history)}`,
      );
    });
  });

  async function triggerMany(workflow: string, name: string, count: number): Promise<string[]> {
    const keys = Array.from({ length: count }, (_, index) => `${name}-${index}`);
    return Promise.all(keys.map((key) => caller.trigger(workflow, key)));
  }

  async function starts(runIds: readonly string[]): Promise<JournalLine[]> {
    const lines = await readJournal(rig.journal);
    return lines.filter(({ what, runId }) => what === 'start' && runIds.includes(runId));
  }

  async function workerOf(runId: string): Promise<Replica> {
    const pid = await withClient(rig.servers.databaseUrl, async (client) => {
      const { rows } = await client.query<{ pid: number }>(
        `SELECT w.pid FROM "AgentRun" a JOIN "Worker" w ON w.id = a."workerId" WHERE a."runId" = $1 AND a.token IS NOT NULL`,
        [runId],
      );
      return rows[0]?.pid;
    });
    const worker = rig.replicas('worker').find((replica) => replica.pid === pid);
    assert.ok(worker, `a worker of this rig runs ${runId}`);
    return worker;
  }

  async function crashPostgres(): Promise<void> {
    await rig.servers.postgres.crash();
    await rig.servers.postgres.start();
  }

  async function succeed(runIds: readonly string[]): Promise<void> {
    const running = [...runIds];
    await waitFor(
      async () => {
        const { runs } = await readPostgres(rig.servers.databaseUrl);
        const own = runs.filter(({ id }) => running.includes(id));
        return own.length === running.length && own.every(({ status }) => status === 'SUCCESS');
      },
      { describe: `runs ${running.join(', ')} to succeed`, timeoutMs: 60_000, intervalMs: 250 },
    );
  }
});
