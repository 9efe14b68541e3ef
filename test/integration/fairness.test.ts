import assert from 'node:assert/strict';
import { sql } from 'slonik';
import { z } from 'zod';
import { JOBS_PER_TURN } from '../../flows/fair-order.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { needsServer } from '../support/services.ts';
import { waitFor } from '../support/wait-for.ts';

const CONCURRENCY = 2;
const WORKERS = 2;

describe('workflows that share workers', () => {
  let engine: TestEngine;
  let order: string[] = [];

  before(async function () {
    this.timeout(300_000);
    needsServer(this, 'redis');
    engine = await startTestEngine({
      workers: WORKERS,
      concurrency: CONCURRENCY,
      agents: {
        step: (_, { runId }) => {
          order.push(runId);
          return null;
        },
      },
    });
    await engine.define({
      name: 'large',
      nodes: [{ id: 'each', agent: 'step', forEach: 'input.items' }],
    });
    const chain = ['a', 'b', 'c'].map((id, index, ids) => ({
      id,
      agent: 'step',
      dependsOn: ids.slice(0, index).slice(-1),
    }));
    await engine.define({ name: 'small', nodes: chain });
  });
  beforeEach(() => {
    order = [];
  });
  after(async function () {
    this.timeout(300_000);
    await engine?.close();
  });

  /** Agents that may run between two steps of the small run: what is being run, and what has the same turn. */
  const MOST_BETWEEN = WORKERS * CONCURRENCY + 2 * JOBS_PER_TURN;

  const waiting = async () => {
    const { wait = 0, prioritized = 0 } = await engine.queues.queue('agents').getJobCounts('wait', 'prioritized');
    return wait + prioritized;
  };

  it('do not starve one another: three nodes come through ten thousand of another workflow', async function () {
    this.timeout(300_000);
    const large = await engine.submit('large', { items: Array.from({ length: 10_000 }, (_, index) => index) });
    await waitFor(async () => (await waiting()) > 8_000, { timeoutMs: 200_000, describe: 'the items to be queued' });
    const before = order.length;
    const small = await engine.submit('small');
    await engine.ended(small, 60_000);
    const between = order.slice(before, order.lastIndexOf(small)).filter((runId) => runId === large).length;
    assert.ok(
      between <= 4 * MOST_BETWEEN,
      `${String(between)} of the large workflow ran before the small one was through`,
    );
    assert.ok((await waiting()) > 1_000, 'thousands still wait');
    await engine.flows.control.cancel(large, 'test');
  });

  it('share the workers also where many runs of one wait, and where gates let its nodes go', async function () {
    this.timeout(300_000);
    const fan = Array.from({ length: 40 }, (_, index) => ({
      id: `n${String(index)}`,
      agent: 'step',
      dependsOn: ['first'],
    }));
    await engine.define({ name: 'fan', nodes: [{ id: 'first', transform: 'true' }, ...fan] });
    const fans = await Promise.all(Array.from({ length: 10 }, () => engine.submit('fan')));
    await waitFor(async () => (await waiting()) > 300, { timeoutMs: 200_000, describe: 'their nodes to be queued' });
    const before = order.length;
    const small = await engine.submit('small');
    await engine.ended(small, 60_000);
    const between = order.slice(before, order.lastIndexOf(small)).filter((runId) => fans.includes(runId)).length;
    assert.ok(between <= 4 * MOST_BETWEEN, `${String(between)} nodes of the fans ran before the small one was through`);
    for (const runId of fans) assert.equal((await engine.ended(runId, 250_000)).status, 'SUCCESS');
    const counted = await engine.db.oneFirst(sql.type(z.object({ n: z.number() }))`
      SELECT count(*)::integer AS n FROM "AgentRun" a JOIN "WorkflowRun" w ON w.id = a."runId" WHERE w."workflowName" = 'fan' AND a.status = 'SUCCESS'`);
    assert.equal(counted, 10 * 41);
  });
});
