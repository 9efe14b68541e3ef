import assert from 'node:assert/strict';
import { sql } from 'slonik';
import { z } from 'zod';
import { BACKENDS, startTestEngine, type TestEngine } from '../support/engine.ts';
import { waitFor } from '../support/wait-for.ts';

const nothing = z.object({});

for (const backend of BACKENDS) {
  describe(`what the reconciler puts right on the ${backend} backend`, function () {
    this.timeout(300_000);
    let engine: TestEngine;
    let release: () => void = () => undefined;
    let isStopped = false;
    let calls = 0;

    before(async function () {
      engine = await startTestEngine({
        backend,
        agents: {
          echo: (input) => input,
          held: (input, { signal }) =>
            new Promise((resolve) => {
              calls++;
              release = () => {
                resolve(input);
              };
              signal.addEventListener('abort', () => {
                isStopped = true;
                resolve(null);
              });
            }),
        },
      });
      await engine.define({
        name: 'line',
        nodes: [
          { id: 'a', agent: 'held', input: { n: 1 } },
          { id: 'b', agent: 'echo', input: { n: '{{ a.output.n + 1 }}' }, dependsOn: ['a'] },
          { id: 'c', agent: 'echo', input: { n: '{{ b.output.n + a.output.n }}' }, dependsOn: ['a', 'b'] },
        ],
      });
    });
    after(async function () {
      await engine.close();
    });

    /** Waits until the agent itself runs: `release` is then this run's. */
    async function isRunning(before = 0): Promise<void> {
      await waitFor(() => calls > before, { timeoutMs: 30_000, describe: 'node a to run' });
    }

    it('ends a run whose jobs were all lost in the middle of it', async () => {
      const before = calls;
      const runId = await engine.submit('line');
      await isRunning(before);
      await engine.flush();
      release();
      const run = await engine.ended(runId);
      assert.equal(run.status, 'SUCCESS');
      assert.deepEqual(run.output, { c: { n: 3 } });
    });

    it('ends a run whose flow was never added', async () => {
      const add = engine.flows.dispatcher.addFlow;
      engine.flows.dispatcher.addFlow = () => Promise.reject(new Error('the queues are away'));
      const before = calls;
      const runId = await engine.submit('line');
      engine.flows.dispatcher.addFlow = add;
      await isRunning(before);
      release();
      assert.equal((await engine.ended(runId)).status, 'SUCCESS');
      assert.equal((await engine.run(runId)).epoch, 2);
    });

    it('ends a run in which a node was never told to be ready', async () => {
      const before = calls;
      const runId = await engine.submit('line');
      await isRunning(before);
      await engine.db.query(
        sql.type(nothing)`UPDATE "AgentRun" SET pending = pending + 1 WHERE "runId" = ${runId} AND "nodeId" = 'c'`,
      );
      release();
      assert.equal((await engine.ended(runId)).status, 'SUCCESS');
    });

    it('gives a node whose worker is gone to another one, once the lease is over', async () => {
      const before = calls;
      const runId = await engine.submit('line');
      await isRunning(before);
      isStopped = false;
      await engine.db.query(sql.type(nothing)`
        UPDATE "AgentRun" SET token = gen_random_uuid(), "leaseUntil" = now() - interval '1 second', "workerId" = 'gone'
        WHERE "runId" = ${runId} AND "nodeId" = 'a'`);
      await isRunning(before + 1);
      assert.equal((await engine.node(runId, 'a')).attempt, 2);
      await waitFor(() => isStopped, { describe: 'the attempt that lost its lease to be stopped' });
      release();
      assert.equal((await engine.ended(runId)).status, 'SUCCESS');
    });

    it("ends a run that an operator's UPDATE made FAILED: agents stopped, events written, nothing left in the queues", async () => {
      const before = calls;
      const runId = await engine.submit('line');
      await isRunning(before);
      isStopped = false;
      await engine.db.query(
        sql.type(nothing)`UPDATE "WorkflowRun" SET status = 'FAILED', "updatedAt" = NOW() WHERE id = ${runId}`,
      );
      await waitFor(() => isStopped, { describe: 'the agent to be stopped' });
      const run = await engine.run(runId);
      assert.equal(run.errorCode, 'MANUAL');
      assert.deepEqual(
        (await engine.nodes(runId)).map(({ status }) => status),
        ['CANCELLED', 'CANCELLED', 'CANCELLED'],
      );
      const events = await engine.events(runId);
      assert.equal(events.at(-1)?.type, 'run.failed');
      assert.deepEqual(
        events.map(({ sequence }) => sequence),
        events.map((_, index) => index + 1),
      );
      await waitFor(async () => (await engine.leftovers()).every((job) => !job.includes(runId)), {
        describe: 'its jobs to leave the queues',
      });
      await engine.db.query(sql.type(nothing)`UPDATE "WorkflowRun" SET status = 'SUCCESS' WHERE id = ${runId}`);
      assert.equal((await engine.run(runId)).status, 'FAILED');
    });

    it('ends a run past its deadline with code TIMEOUT', async () => {
      await engine.define({ name: 'late', timeoutSeconds: 1, nodes: [{ id: 'a', agent: 'held' }] });
      const runId = await engine.submit('late');
      const run = await engine.ended(runId);
      assert.equal(run.status, 'FAILED');
      assert.equal(run.errorCode, 'TIMEOUT');
      assert.equal((await engine.node(runId, 'a')).status, 'CANCELLED');
    });
  });
}
