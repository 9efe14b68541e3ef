import assert from 'node:assert/strict';
import { sql } from 'slonik';
import { z } from 'zod';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { startPrivateRedis, type PrivateRedis } from '../support/private-redis.ts';
import { waitFor } from '../support/wait-for.ts';

/** Everything that can wait waits, Redis loses everything, and what each waits for comes after that. */
describe('Redis is emptied in the middle of every kind of wait, with two workers', () => {
  let redis: PrivateRedis;
  let engine: TestEngine;
  const runs = new Map<string, string>();
  const calls: string[] = [];
  let releaseItems: () => void = () => undefined;

  const runOf = (name: string): string => runs.get(name) ?? '';
  const wait = (name: string, nodeId: string, waitingFor: string) =>
    waitFor(async () => (await engine.node(runOf(name), nodeId)).waitingFor === waitingFor, {
      timeoutMs: 20_000,
      describe: `${nodeId} of ${name} to wait for ${waitingFor}`,
    });
  const countOf = (call: string): number => calls.filter((one) => one === call).length;

  before(async function () {
    this.timeout(300_000);
    redis = await startPrivateRedis(this);
    const itemsReleased = new Promise<void>((resolve) => (releaseItems = resolve));
    engine = await startTestEngine({
      redisUrl: redis.url,
      workers: 2,
      agents: {
        note: (input, { nodeId }) => {
          calls.push(nodeId);
          return input;
        },
        twice: (_, { nodeId, attempt }) => {
          calls.push(nodeId);
          if (attempt === 1) throw new Error('not yet');
          return { attempt };
        },
        item: async (input, { nodeId }) => {
          calls.push(nodeId);
          await itemsReleased;
          return input;
        },
      },
    });
    const after = (id: string) => ({ id: `after-${id}`, agent: 'note', dependsOn: [id] });
    const definitions = {
      approval: [{ id: 'ask', agent: 'note', approval: true }, after('ask')],
      signal: [{ id: 'go', signal: { name: 'go' } }, after('go')],
      map: [
        { id: 'each', agent: 'item', forEach: '[1, 2, 3, 4, 5, 6]', maxParallel: 2, input: { n: '{{ item }}' } },
        after('each'),
      ],
      'sub-workflow': [{ id: 'sub', workflow: 'signal' }, after('sub')],
      backoff: [
        { id: 'again', agent: 'twice', retry: { attempts: 2, backoff: { type: 'fixed', delayMs: 4_000 } } },
        after('again'),
      ],
      timer: [{ id: 'later', wait: { seconds: 4 } }, after('later')],
    };
    for (const [name, nodes] of Object.entries(definitions)) {
      await engine.define({ name, nodes });
      runs.set(name, await engine.submit(name));
    }
    await wait('approval', 'ask', 'approval');
    await wait('signal', 'go', 'signal');
    await wait('map', 'each', 'items');
    await wait('sub-workflow', 'sub', 'workflow');
    await waitFor(() => countOf('each') === 2, { describe: 'two items to run' });
    const child = await waitFor(
      () =>
        engine.db.maybeOneFirst(sql.type(z.object({ id: z.string() }))`
          SELECT r.id FROM "WorkflowRun" r JOIN "AgentRun" a ON a."runId" = r.id
          WHERE r."parentRunId" = ${runOf('sub-workflow')} AND a."waitingFor" = 'signal'`),
      { timeoutMs: 20_000, describe: 'the sub-workflow to wait' },
    );
    runs.set('child', child);
    await wait('backoff', 'again', 'retry');
    await wait('timer', 'later', 'timer');
    await redis.flushAll();
  });
  after(async function () {
    this.timeout(300_000);
    if (!redis) return;
    await engine?.close();
    await redis.stop();
  });

  const succeeds = async (name: string): Promise<void> => {
    const { status, errorMessage } = await engine.ended(runOf(name), 30_000);
    assert.equal(status, 'SUCCESS', `${name}: ${errorMessage ?? ''}`);
  };

  it('finds all of them still waiting', async () => {
    for (const [name, nodeId, waitingFor] of [
      ['approval', 'ask', 'approval'],
      ['signal', 'go', 'signal'],
      ['map', 'each', 'items'],
      ['sub-workflow', 'sub', 'workflow'],
    ] as const) {
      assert.equal((await engine.node(runOf(name), nodeId)).waitingFor, waitingFor, name);
    }
    assert.deepEqual(await engine.leftovers(), [], 'the queues are empty');
  });

  it('goes on with an approval', async function () {
    this.timeout(300_000);
    const { id } = await engine.approval(runOf('approval'));
    await engine.flows.control.decide(id, { decision: 'APPROVED', respondedBy: 'ann' });
    await succeeds('approval');
    assert.deepEqual([countOf('ask'), countOf('after-ask')], [1, 1]);
  });

  it('goes on with a signal', async function () {
    this.timeout(300_000);
    await engine.flows.control.signal({ runId: runOf('signal'), name: 'go', payload: { by: 'ann' }, by: 'test' });
    await succeeds('signal');
    assert.deepEqual((await engine.node(runOf('signal'), 'go')).output, { by: 'ann' });
  });

  it('goes on with a sub-workflow', async function () {
    this.timeout(300_000);
    await engine.flows.control.signal({ runId: runOf('child'), name: 'go', payload: null, by: 'test' });
    await succeeds('sub-workflow');
    assert.equal(countOf('after-sub'), 1);
    assert.equal(countOf('after-go'), 2, 'once in the run of its own, once in the sub-workflow');
  });

  it('goes on with a map, each item once and in order', async function () {
    this.timeout(300_000);
    releaseItems();
    await succeeds('map');
    assert.equal(countOf('each'), 6);
    const items = [1, 2, 3, 4, 5, 6].map((n) => ({ n }));
    assert.deepEqual((await engine.node(runOf('map'), 'each')).output, items);
  });

  it('goes on with a retry, not before its time', async function () {
    this.timeout(300_000);
    await succeeds('backoff');
    assert.equal(countOf('again'), 2);
    const [first] = await engine.db.any(sql.type(z.object({ retryAt: z.date() }))`
      SELECT t."retryAt" FROM "AgentAttempt" t JOIN "AgentRun" a ON a.id = t."agentRunId" WHERE a."runId" = ${runOf('backoff')}`);
    const { startedAt } = await engine.node(runOf('backoff'), 'again');
    assert.ok(first && startedAt && startedAt >= first.retryAt);
  });

  it('goes on with a timer, not before its time', async function () {
    this.timeout(300_000);
    await succeeds('timer');
    const { startedAt, finishedAt } = await engine.node(runOf('timer'), 'later');
    assert.ok(startedAt && finishedAt && finishedAt.getTime() - startedAt.getTime() >= 4_000);
  });
});
