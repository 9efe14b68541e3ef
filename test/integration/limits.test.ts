import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { sql } from 'slonik';
import { z } from 'zod';
import { blockingReason } from '../../api/runs/blocking-reason.ts';
import { findBlockingFacts } from '../../sql/queries/blocking.ts';
import { savePoolLimits } from '../../sql/queries/execution-limits.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { waitFor } from '../support/wait-for.ts';

describe('limits over all workers', () => {
  let engine: TestEngine;
  let order: string[] = [];
  let underWay = 0;
  let mostUnderWay = 0;
  /** Of the agent `quick`, at once. */
  let most = 1;
  const releases: (() => void)[] = [];

  before(async function () {
    this.timeout(300_000);
    engine = await startTestEngine({
      workers: 2,
      agents: {
        quick: async (input, { runId }) => {
          order.push(runId);
          underWay += 1;
          mostUnderWay = Math.max(mostUnderWay, underWay);
          // the first ones stay until as many are here as may be
          await waitFor(() => mostUnderWay >= most, { describe: 'the limit to be reached', intervalMs: 1 });
          underWay -= 1;
          return input;
        },
        held: (input) =>
          new Promise((resolve) => {
            releases.push(() => {
              resolve(input);
            });
          }),
      },
    });
  });
  beforeEach(() => {
    order = [];
    mostUnderWay = 0;
  });
  afterEach(() => {
    for (const release of releases.splice(0)) release();
  });
  after(async function () {
    this.timeout(300_000);
    for (const release of releases.splice(0)) release();
    await engine.close();
  });

  const limitAgent = (name: string, limit: number | null) => {
    most = limit ?? 1;
    return engine.db.query(sql.type(z.object({}))`UPDATE "Agent" SET "maxConcurrent" = ${limit} WHERE name = ${name}`);
  };
  const why = async (runId: string, nodeId: string) => {
    const facts = await findBlockingFacts(engine.db, (await engine.node(runId, nodeId)).id);
    assert.ok(facts);
    return blockingReason(facts);
  };
  const items = (count: number) => Array.from({ length: count }, (_, index) => index);
  const attemptsOf = async (runId: string) => (await engine.nodes(runId)).filter(({ itemIndex }) => itemIndex !== null);
  const status = async (runId: string, nodeId: string) => (await engine.node(runId, nodeId)).status;

  it('hold an agent at its maxConcurrent, whichever worker and workflow it runs for', async function () {
    this.timeout(300_000);
    await limitAgent('quick', 2);
    for (const name of ['one', 'other'])
      await engine.define({
        name,
        nodes: [{ id: 'each', agent: 'quick', forEach: 'input.items', input: { n: '{{ item }}' } }],
      });
    const runs = [await engine.submit('one', { items: items(60) }), await engine.submit('other', { items: items(60) })];
    for (const runId of runs) assert.equal((await engine.ended(runId, 150_000)).status, 'SUCCESS');
    const attempts = (await Promise.all(runs.map(attemptsOf))).flat();
    assert.equal(attempts.length, 120);
    assert.equal(mostUnderWay, 2);
    await limitAgent('quick', null);
  });

  it('let the workflows that wait for the same places take turns', async function () {
    this.timeout(300_000);
    await limitAgent('quick', 1);
    await engine.define({ name: 'large', nodes: [{ id: 'each', agent: 'quick', forEach: 'input.items' }] });
    await engine.define({ name: 'small', nodes: [{ id: 'each', agent: 'quick', forEach: 'input.items' }] });
    const large = await engine.submit('large', { items: items(300) });
    await waitFor(async () => (await waitingUnderLimit()) > 100, { timeoutMs: 30_000, describe: 'many to wait' });
    const small = await engine.submit('small', { items: items(5) });
    assert.equal((await engine.ended(small, 150_000)).status, 'SUCCESS');
    const first = order.indexOf(small);
    const last = order.lastIndexOf(small);
    // first come, first served would be 300; a job that looks again by itself may take a place between two turns
    assert.ok(last - first <= 30, `between its first and its last item ${String(last - first)} ran`);
    assert.ok(first < 150, `its first item came after ${String(first)} others`);
    await engine.flows.control.cancel(large, 'test');
    await limitAgent('quick', null);
  });

  const waitingUnderLimit = () =>
    engine.db.oneFirst(sql.type(z.object({ n: z.number() }))`
      SELECT count(*)::integer AS n FROM "AgentRun" WHERE "waitingFor" = 'limit'`);

  it('hold a pool, and say so of the node that waits', async function () {
    this.timeout(300_000);
    await savePoolLimits(engine.db, [{ name: 'default', maxConcurrent: 1 }]);
    await engine.define({ name: 'pooled', nodes: [{ id: 'a', agent: 'held' }] });
    const first = await engine.submit('pooled');
    await waitFor(() => releases.length === 1, { describe: 'the first to run' });
    const second = await engine.submit('pooled');
    const reason = await waitFor(
      async () => {
        const given = await why(second, 'a');
        return given.reason === 'limit' && given;
      },
      { describe: 'the second to wait for a place' },
    );
    assert.match(reason.message, /pool default runs 1 at once .* at most 1/);
    assert.equal(reason.key, 'pool default');
    assert.equal((await why(first, 'a')).reason, 'running');
    releases.shift()?.();
    await engine.ended(first);
    await waitFor(() => releases.length === 1, { describe: 'the second to run' });
    releases.shift()?.();
    assert.equal((await engine.ended(second)).status, 'SUCCESS');
    await savePoolLimits(engine.db, [{ name: 'default', maxConcurrent: 0 }]);
  });

  it('lose no place with a worker that is lost', async function () {
    this.timeout(300_000);
    await limitAgent('quick', 1);
    // a worker of a pool that nobody else serves takes the place and is never heard of again
    await engine.define({ name: 'abandoned', nodes: [{ id: 'a', agent: 'quick', pool: 'gone' }] });
    const victim = await engine.submit('abandoned');
    const claimed = await engine.flows.engine.claim({
      ...{ runId: victim, epoch: 1, nodes: [0], needs: [], withRun: false, pool: 'gone' },
      ...{ token: randomUUID(), workerId: 'gone', leaseSeconds: 3 },
    });
    assert.ok('claimed' in claimed);
    await engine.define({ name: 'next', nodes: [{ id: 'a', agent: 'quick' }] });
    const next = await engine.submit('next');
    await waitFor(async () => (await why(next, 'a')).reason === 'limit', { describe: 'the next one to wait' });
    assert.deepEqual(order, []);
    assert.equal((await engine.ended(next, 150_000)).status, 'SUCCESS');
    await engine.flows.control.cancel(victim, 'test');
    await limitAgent('quick', null);
  });

  it('are found free by the reconciler when the word of a free place was lost', async function () {
    this.timeout(300_000);
    await limitAgent('held', 1);
    await engine.define({ name: 'unheard', nodes: [{ id: 'a', agent: 'held' }] });
    const first = await engine.submit('unheard');
    await waitFor(() => releases.length === 1, { describe: 'the first to run' });
    const second = await engine.submit('unheard');
    await waitFor(async () => (await why(second, 'a')).reason === 'limit', { describe: 'the second to wait' });
    // nobody is told: the limit is raised behind everybody's back
    await limitAgent('held', 2);
    await waitFor(() => releases.length === 2, { timeoutMs: 20_000, describe: 'the second to run' });
    for (const release of releases.splice(0)) release();
    for (const runId of [first, second]) assert.equal((await engine.ended(runId)).status, 'SUCCESS');
    await limitAgent('held', null);
  });

  it('hold maxConcurrentRuns and the concurrency key of one workflow together', async function () {
    this.timeout(300_000);
    await engine.define({
      name: 'both',
      maxConcurrentRuns: 2,
      concurrency: { key: '{{ input.host }}', limit: 1 },
      nodes: [{ id: 'a', agent: 'held' }],
    });
    const start = (host: string) => engine.submit('both', { host });
    const [a1, a2, b1, c1] = [await start('a'), await start('a'), await start('b'), await start('c')];
    const isRunning = (runId: string) => async () => (await status(runId, 'a')) === 'RUNNING';
    await waitFor(() => releases.length === 2, { describe: 'two to run' });
    assert.ok((await isRunning(a1)()) && (await isRunning(b1)()), 'the second of host a leaves its place to host b');
    assert.match((await why(a2, 'a')).message, new RegExp(`run ${a1}`));
    assert.match((await why(c1, 'a')).message, /at most 2 at once/);
    releases.shift()?.();
    await engine.ended(a1);
    await waitFor(isRunning(a2), { describe: 'the oldest that waits to run' });
    assert.equal(await status(c1, 'a'), 'PENDING');
    await waitFor(() => releases.length === 2, { describe: 'it to be called' });
    for (const release of releases.splice(0)) release();
    await waitFor(() => releases.length === 1, { describe: 'the last to be called' });
    releases.shift()?.();
    for (const runId of [a2, b1, c1]) assert.equal((await engine.ended(runId)).status, 'SUCCESS');
  });
});
