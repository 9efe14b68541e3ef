import assert from 'node:assert/strict';
import { sql } from 'slonik';
import { z } from 'zod';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { waitFor } from '../support/wait-for.ts';

describe('control of runs', () => {
  let engine: TestEngine;
  let calls: string[] = [];
  const releases: (() => void)[] = [];
  let failing = new Set<unknown>();

  before(async function () {
    engine = await startTestEngine({
      agents: {
        note: (input, { nodeId }) => {
          calls.push(nodeId);
          return input;
        },
        choosy: (input) => {
          calls.push(JSON.stringify(input));
          if (failing.has((input as { n: unknown }).n)) throw new Error('final: this one is bad');
          return input;
        },
        held: (input, { signal }) =>
          new Promise((resolve) => {
            releases.push(() => {
              resolve(input);
            });
            signal.addEventListener('abort', () => {
              resolve(null);
            });
          }),
      },
    });
  });
  beforeEach(() => {
    calls = [];
    failing = new Set();
  });
  afterEach(() => {
    for (const release of releases.splice(0)) release();
  });
  after(async function () {
    await engine.close();
  });

  const status = async (runId: string) => (await engine.run(runId)).status;
  const running = (runId: string, nodeId: string) =>
    waitFor(async () => (await engine.node(runId, nodeId)).status === 'RUNNING', { describe: `${nodeId} to run` });

  it('retries what failed in a new run, keeping the results that succeeded and where they came from', async () => {
    failing.add(2);
    await engine.define({
      name: 'retry-failed',
      nodes: [
        { id: 'first', agent: 'note', input: { v: 1 } },
        { id: 'second', agent: 'choosy', input: { n: 2 }, dependsOn: ['first'] },
        { id: 'third', agent: 'note', input: { v: '{{ second.output.n }}' }, dependsOn: ['second'] },
      ],
    });
    const first = await engine.submit('retry-failed');
    assert.equal((await engine.ended(first)).status, 'FAILED');
    failing.clear();
    calls = [];
    const { runId } = await engine.flows.submitter.retry(first, { from: 'failed' }, undefined, 'ann');
    assert.equal((await engine.ended(runId)).status, 'SUCCESS');
    assert.deepEqual(calls, ['{"n":2}', 'third']);
    const copied = await engine.db.oneFirst(sql.type(z.object({ from: z.string() }))`
      SELECT "copiedFromRunId" AS "from" FROM "AgentRun" WHERE "runId" = ${runId} AND "nodeId" = 'first'`);
    assert.equal(copied, first);
    await assert.rejects(engine.flows.submitter.retry(runId, { from: 'failed' }, undefined, 'ann'), /Nothing failed/);
  });

  it('retries only the failed items of a map', async () => {
    failing.add(3);
    await engine.define({
      name: 'retry-items',
      nodes: [{ id: 'each', agent: 'choosy', forEach: '[1, 2, 3, 4]', input: { n: '{{ item }}' } }],
    });
    const first = await engine.submit('retry-items');
    const failed = await engine.ended(first);
    assert.equal(failed.status, 'FAILED');
    assert.equal(failed.errorCode, 'ITEMS_FAILED');
    failing.clear();
    calls = [];
    const { runId } = await engine.flows.submitter.retry(first, { from: 'failed' }, undefined, 'ann');
    const run = await engine.ended(runId);
    assert.equal(run.status, 'SUCCESS');
    assert.deepEqual(run.output, { each: [{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }] });
    assert.deepEqual(calls, ['{"n":3}']);
  });

  it('pauses a run: what runs finishes, nothing new starts until it is resumed', async () => {
    await engine.define({
      name: 'pausing',
      nodes: [
        { id: 'a', agent: 'held' },
        { id: 'b', agent: 'note', dependsOn: ['a'] },
      ],
    });
    const runId = await engine.submit('pausing');
    await running(runId, 'a');
    await waitFor(() => releases.length > 0, { describe: 'the agent to be called' });
    await engine.flows.control.pause(runId, 'ann');
    for (const release of releases.splice(0)) release();
    await waitFor(async () => (await engine.node(runId, 'a')).status === 'SUCCESS', { describe: 'a to finish' });
    assert.equal(await status(runId), 'PAUSED');
    assert.equal((await engine.node(runId, 'b')).status, 'PENDING');
    await engine.flows.control.resume(runId, 'ann');
    assert.equal((await engine.ended(runId)).status, 'SUCCESS');
    assert.deepEqual(
      (await engine.events(runId)).map(({ type }) => type).filter((type) => type.startsWith('run.')),
      ['run.created', 'run.started', 'run.paused', 'run.resumed', 'run.succeeded'],
    );
  });

  it('lets no more runs of a workflow go at once than it allows, in order of their start', async () => {
    await engine.define({ name: 'one-at-a-time', maxConcurrentRuns: 1, nodes: [{ id: 'a', agent: 'held' }] });
    const first = await engine.submit('one-at-a-time');
    const second = await engine.submit('one-at-a-time');
    await running(first, 'a');
    assert.equal(await status(second), 'PENDING');
    await waitFor(() => releases.length > 0, { describe: 'the agent to be called' });
    releases.shift()?.();
    await engine.ended(first);
    await running(second, 'a');
    await waitFor(() => releases.length > 0, { describe: 'the second agent to be called' });
    releases.shift()?.();
    assert.equal((await engine.ended(second)).status, 'SUCCESS');
  });

  it('cancels the running run, or drops the new one, as the concurrency key says', async () => {
    const definition = (name: string, strategy: string) => ({
      name,
      concurrency: { key: '{{ input.host }}', limit: 1, strategy },
      nodes: [{ id: 'a', agent: 'held' }],
    });
    await engine.define(definition('newest-wins', 'cancel_running'));
    const older = await engine.submit('newest-wins', { host: 'db-1' });
    await running(older, 'a');
    const newer = await engine.submit('newest-wins', { host: 'db-1' });
    assert.equal((await engine.ended(older)).status, 'CANCELLED');
    await running(newer, 'a');
    await engine.flows.control.cancel(newer, 'test');

    await engine.define(definition('oldest-wins', 'drop_new'));
    const kept = await engine.submit('oldest-wins', { host: 'db-1' });
    await running(kept, 'a');
    const dropped = await engine.submit('oldest-wins', { host: 'db-1' });
    const run = await engine.ended(dropped);
    assert.equal(run.status, 'CANCELLED');
    assert.match(run.errorMessage ?? '', new RegExp(`Dropped: run ${kept}`));
    const other = await engine.submit('oldest-wins', { host: 'db-2' });
    await running(other, 'a');
    await engine.flows.control.cancel(kept, 'test');
    await engine.flows.control.cancel(other, 'test');
  });

  it('takes a known result from the cache, with the run that made it', async () => {
    await engine.define({
      name: 'caching',
      nodes: [{ id: 'a', agent: 'note', input: { v: '{{ input.v }}' }, cache: { ttlSeconds: 60 } }],
    });
    const first = await engine.submit('caching', { v: 1 });
    await engine.ended(first);
    const second = await engine.submit('caching', { v: 1 });
    assert.deepEqual((await engine.ended(second)).output, { a: { v: 1 } });
    const third = await engine.submit('caching', { v: 2 });
    await engine.ended(third);
    assert.deepEqual(calls, ['a', 'a']);
    const from = await engine.db.oneFirst(sql.type(z.object({ from: z.string() }))`
      SELECT "copiedFromRunId" AS "from" FROM "AgentRun" WHERE "runId" = ${second}`);
    assert.equal(from, first);
  });

  it('skips or marks an open node by hand; the agent that ran for it is stopped', async () => {
    await engine.define({
      name: 'marking',
      nodes: [
        { id: 'a', agent: 'held' },
        { id: 'b', transform: 'a.output.by', dependsOn: ['a'] },
      ],
    });
    const marked = await engine.submit('marking');
    await running(marked, 'a');
    await engine.flows.control.mark(
      { runId: marked, nodeId: 'a' },
      { status: 'SUCCESS', output: { by: 'hand' } },
      'ann',
    );
    assert.deepEqual((await engine.ended(marked)).output, { b: 'hand' });
    await assert.rejects(
      engine.flows.control.mark({ runId: marked, nodeId: 'a' }, { status: 'SKIPPED' }, 'ann'),
      /is SUCCESS already/,
    );
    const skipped = await engine.submit('marking');
    await running(skipped, 'a');
    await engine.flows.control.mark({ runId: skipped, nodeId: 'a' }, { status: 'SKIPPED' }, 'ann');
    const run = await engine.ended(skipped);
    assert.equal(run.status, 'SUCCESS');
    assert.equal((await engine.node(skipped, 'b')).status, 'SKIPPED');
  });

  it('fails a node that waits in the queue, and an approval that nobody answers, with their own reasons', async () => {
    await engine.define({
      name: 'impatient',
      nodes: [
        { id: 'ask', agent: 'note', approval: { timeoutSeconds: 0.3 } },
        { id: 'sure', agent: 'note', approval: { timeoutSeconds: 0.3, onTimeout: 'approve' } },
        { id: 'go', signal: { name: 'go' }, timeoutSeconds: 0.3 },
      ],
    });
    const runId = await engine.submit('impatient');
    assert.equal((await engine.ended(runId)).status, 'FAILED');
    assert.equal((await engine.node(runId, 'ask')).errorCode, 'APPROVAL_TIMEOUT');
    assert.equal((await engine.node(runId, 'sure')).status, 'SUCCESS');
    assert.equal((await engine.node(runId, 'go')).errorCode, 'TIMEOUT');
  });

  it('cancels the sub-workflow with its parent', async () => {
    await engine.define({ name: 'inner', nodes: [{ id: 'a', agent: 'held' }] });
    await engine.define({ name: 'outer', nodes: [{ id: 'sub', workflow: 'inner' }] });
    const outer = await engine.submit('outer');
    const inner = await waitFor(
      () =>
        engine.db.maybeOneFirst(sql.type(z.object({ id: z.string() }))`
          SELECT id FROM "WorkflowRun" WHERE "parentRunId" = ${outer} AND status = 'RUNNING'`),
      { describe: 'the sub-workflow to run' },
    );
    const receipt = await engine.flows.control.cancel(outer, 'ann');
    assert.deepEqual(receipt.children, [inner]);
    assert.equal((await engine.ended(inner)).status, 'CANCELLED');
    assert.equal((await engine.ended(outer)).status, 'CANCELLED');
  });

  it('holds a map at its maxParallel', async () => {
    await engine.define({
      name: 'held-map',
      nodes: [{ id: 'each', agent: 'held', forEach: 'input.items', maxParallel: 3, input: { n: '{{ item }}' } }],
    });
    const runId = await engine.submit('held-map', { items: Array.from({ length: 12 }, (_, index) => index) });
    let most = 0;
    while ((await status(runId)) !== 'SUCCESS') {
      const active = (await engine.nodes(runId)).filter((node) => node.itemIndex !== null && node.status === 'RUNNING');
      most = Math.max(most, active.length);
      releases.shift()?.();
    }
    assert.ok(most <= 3, `${most} ran at once`);
  });
});
