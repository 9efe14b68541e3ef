import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { sql } from 'slonik';
import { z } from 'zod';
import { acquireLocks, releaseLeakedLocks, type LockRequest } from '../../sql/queries/locks.ts';
import { startRoom, type TestRoom } from '../http/support/room.ts';
import type { TestEngine } from '../support/engine.ts';
import { waitFor } from '../support/wait-for.ts';

describe('locks on targets', () => {
  let api: TestRoom;
  let engine: TestEngine;
  let open = new Map<string, number>();
  let most = 0;

  before(async function () {
    const act = async (input: unknown) => {
      const { host } = input as { host: string };
      open.set(host, (open.get(host) ?? 0) + 1);
      most = Math.max(most, open.get(host) ?? 0);
      await new Promise((resolve) => setTimeout(resolve, 100));
      open.set(host, (open.get(host) ?? 0) - 1);
      return { done: true };
    };
    api = await startRoom({ agents: { act }, workers: 2 });
    engine = api.engine;
    const nodes = (mode: string) => [
      { id: 'act', agent: 'act', input: { host: '{{ input.host }}' }, locks: [{ key: '{{ input.host }}', mode }] },
    ];
    for (const name of ['first', 'second']) await engine.define({ name, nodes: nodes('exclusive') });
    await engine.define({ name: 'holder', nodes: [{ id: 'go', signal: { name: 'go' } }] });
    await engine.define({ name: 'readers', nodes: nodes('shared') });
    await engine.define({
      name: 'broken',
      nodes: [{ id: 'a', transform: '1', locks: [{ key: '{{ input.nothing }}' }] }],
    });
  });
  after(() => api.close());
  beforeEach(() => {
    open = new Map();
    most = 0;
  });

  it('let one node at a time at a target, over all workflows, and are given back', async function () {
    const runs = await Promise.all(
      ['first', 'second', 'first', 'second'].map((workflow) => engine.submit(workflow, { host: 'db-1' })),
    );
    for (const run of runs) assert.equal((await engine.ended(run, 20_000)).status, 'SUCCESS');
    assert.equal(most, 1);
    assert.deepEqual(await held(), []);
  });

  it('let those who share a target work together', async function () {
    const runs = await Promise.all([1, 2, 3].map(() => engine.submit('readers', { host: 'db-2' })));
    for (const run of runs) assert.equal((await engine.ended(run)).status, 'SUCCESS');
    assert.ok(most > 1);
  });

  it('fail a node whose key cannot be computed', async () => {
    const run = await engine.ended(await engine.submit('broken', {}));
    assert.equal(run.status, 'FAILED');
    assert.match(run.errorMessage ?? '', /nothing/);
  });

  it('are all or none, and those of a node that is gone are given back', async () => {
    const request = (keys: string[]): LockRequest => ({
      agentRunId: randomUUID(),
      runId: randomUUID(),
      nodeId: 'x',
      workerId: 'w',
      leaseSeconds: 60,
      locks: keys.map((key) => ({ key, mode: 'exclusive' })),
    });
    assert.equal(await acquireLocks(engine.db, request(['a', 'b'])), null);
    const inTheWay = await acquireLocks(engine.db, request(['b', 'c']));
    assert.equal(inTheWay?.key, 'b');
    assert.ok(!(await held()).includes('c'));
    await releaseLeakedLocks(engine.db);
    assert.deepEqual(await held(), []);
  });

  it('say what a node waits for, and who has held it since when', async function () {
    const [holder, waiting] = [await hold('db-3'), await engine.submit('second', { host: 'db-3' })];
    const act = async () => (await getRun(waiting)).agentRuns[0];
    await waitFor(async () => (await act()).waitingFor === 'lock', { describe: 'the wait to be seen' });
    const { id, waitingLock } = await act();
    assert.deepEqual(waitingLock, {
      key: 'db-3',
      mode: 'exclusive',
      since: waitingLock.since,
      heldBy: { workflowRunId: holder, workflowName: 'holder', nodeId: 'go', since: waitingLock.heldBy.since },
    });
    const why = (await api.get(`/api/workflows/second/runs/${waiting}/agent-runs/${id}/why`)).body;
    assert.deepEqual(why, {
      reason: 'lock',
      message: `Waits for the lock db-3: node go of run ${holder} (holder) has held it since ${waitingLock.heldBy.since}`,
      key: 'db-3',
      since: waitingLock.heldBy.since,
      runId: holder,
      nodeId: 'go',
    });
    await engine.flows.control.cancel(waiting, 'test');
    assert.equal((await act()).waitingLock, null, 'a node that has ended waits for nothing');
    await waitFor(async () => (await waits()).length === 0, { describe: 'the wait to be forgotten' });
    await engine.flows.control.cancel(holder, 'test');
  });

  it('of a dead worker go to the next when its lease is over, and no sooner', async function () {
    const holder = await hold('db-4');
    const waiting = await engine.submit('second', { host: 'db-4' });
    await waitFor(async () => (await waits()).includes('db-4'), { describe: 'the second to wait' });
    await releaseLeakedLocks(engine.db);
    assert.ok((await held()).includes('db-4'), 'the lease is not over');
    await engine.db.query(sql.type(z.object({}))`
      UPDATE "TargetLock" SET "leaseUntil" = now() - interval '1 second' WHERE "runId" = ${holder}`);
    assert.equal((await engine.ended(waiting)).status, 'SUCCESS');
    assert.equal((await engine.run(holder)).status, 'RUNNING');
    assert.deepEqual(await waits(), []);
    await engine.flows.control.cancel(holder, 'test');
  });

  /** A node that got its lock from a worker that died before it claimed the node. @returns the run */
  async function hold(host: string): Promise<string> {
    const runId = await engine.submit('holder', {});
    await waitFor(async () => (await engine.node(runId, 'go')).waitingFor === 'signal', { describe: 'the holder' });
    const { id: agentRunId } = await engine.node(runId, 'go');
    const locks = [{ key: host, mode: 'exclusive' as const }];
    await acquireLocks(engine.db, { agentRunId, runId, nodeId: 'go', workerId: 'dead', leaseSeconds: 3600, locks });
    return runId;
  }

  const getRun = async (runId: string) => (await api.get(`/api/workflows/second/runs/${runId}`)).body;

  function waits() {
    return engine.db.anyFirst(sql.type(z.object({ key: z.string() }))`SELECT key FROM "TargetLockWait"`);
  }

  function held() {
    return engine.db.anyFirst(sql.type(z.object({ key: z.string() }))`SELECT key FROM "TargetLock" ORDER BY key`);
  }
});
