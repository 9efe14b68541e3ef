import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { sql } from 'slonik';
import { z } from 'zod';
import { acquireLocks, releaseLeakedLocks, type LockRequest } from '../../sql/queries/locks.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';

describe('locks on targets', () => {
  let engine: TestEngine;
  let open = new Map<string, number>();
  let most = 0;

  before(async function () {
    this.timeout(30_000);
    const act = async (input: unknown) => {
      const { host } = input as { host: string };
      open.set(host, (open.get(host) ?? 0) + 1);
      most = Math.max(most, open.get(host) ?? 0);
      await new Promise((resolve) => setTimeout(resolve, 100));
      open.set(host, (open.get(host) ?? 0) - 1);
      return { done: true };
    };
    engine = await startTestEngine({ agents: { act }, workers: 2 });
    const nodes = (mode: string) => [
      { id: 'act', agent: 'act', input: { host: '{{ input.host }}' }, locks: [{ key: '{{ input.host }}', mode }] },
    ];
    for (const name of ['first', 'second']) await engine.define({ name, nodes: nodes('exclusive') });
    await engine.define({ name: 'readers', nodes: nodes('shared') });
    await engine.define({
      name: 'broken',
      nodes: [{ id: 'a', transform: '1', locks: [{ key: '{{ input.nothing }}' }] }],
    });
  });
  after(() => engine.close());
  beforeEach(() => {
    open = new Map();
    most = 0;
  });

  it('let one node at a time at a target, over all workflows, and are given back', async function () {
    this.timeout(30_000);
    const runs = await Promise.all(
      ['first', 'second', 'first', 'second'].map((workflow) => engine.submit(workflow, { host: 'db-1' })),
    );
    for (const run of runs) assert.equal((await engine.ended(run, 20_000)).status, 'SUCCESS');
    assert.equal(most, 1);
    assert.deepEqual(await held(), []);
  });

  it('let those who share a target work together', async function () {
    this.timeout(30_000);
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

  function held() {
    return engine.db.anyFirst(sql.type(z.object({ key: z.string() }))`SELECT key FROM "TargetLock" ORDER BY key`);
  }
});
