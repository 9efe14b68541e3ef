import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { sql } from 'slonik';
import { z } from 'zod';
import type { PlainNode } from '../../flows/dispatch.ts';
import type { ClaimRequest } from '../../sql/queries/engine.ts';
import { createDatabaseClock } from '../../workers/database-clock.ts';
import { createNodeExecution, type NodeExecutionParts } from '../../workers/execute-node.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';

const ITEMS = 250;
const OTHERS = 7;

describe('a map of a transform whose worker is alone', () => {
  let engine: TestEngine;
  before(async () => {
    engine = await startTestEngine();
    await engine.stopWorkers();
  });
  after(() => engine.close());

  it('is run by the worker that expands it, without jobs but for an item that somebody else has', async () => {
    await engine.define({
      name: 'doubled',
      nodes: [{ id: 'each', transform: 'item * input.by', forEach: 'input.items' }],
    });
    const items = Array.from({ length: ITEMS }, (_, index) => index);
    const runId = await engine.submit('doubled', { items, by: 2 });
    const { flows, db } = engine;
    const versionId = await db.oneFirst(sql.type(z.object({ versionId: z.number() }))`
      SELECT "versionId" FROM "WorkflowRun" WHERE id = ${runId}`);

    // before its turn comes, one item is claimed by another worker
    const others = { runId, token: randomUUID(), workerId: 'other' };
    const claim = async (request: ClaimRequest) => {
      const node = await itemOf(runId, OTHERS);
      if (request.agentRunId === node.id) await flows.engine.claim({ ...request, ...others });
      return flows.engine.claim(request);
    };
    const jobs: PlainNode[] = [];
    const addNodes = (_plan: unknown, _run: unknown, nodes: readonly PlainNode[]) => {
      jobs.push(...nodes);
      return Promise.resolve();
    };
    const parts = {
      ...flows,
      db,
      metrics: engine.metrics,
      workerId: 'first',
      clock: createDatabaseClock(),
      engine: { ...flows.engine, claim },
      dispatcher: { ...flows.dispatcher, addNodes },
    } as unknown as NodeExecutionParts;
    await createNodeExecution(parts)({ runId, epoch: 1, versionId, group: 0 });

    assert.deepEqual(
      jobs.map(({ nodeIndex, itemIndex }) => ({ nodeIndex, itemIndex })),
      [{ nodeIndex: 0, itemIndex: OTHERS }],
    );
    const left = (await engine.nodes(runId)).filter(({ status }) => status !== 'SUCCESS');
    assert.deepEqual(left.map(({ itemIndex }) => itemIndex).sort(), [null, OTHERS].sort());
    const agentRunId = (await itemOf(runId, OTHERS)).id;
    await flows.engine.settle({ ...others, agentRunId, status: 'SUCCESS', output: OTHERS * 2 });
    const { status, output } = await engine.run(runId);
    assert.deepEqual({ status, output }, { status: 'SUCCESS', output: { each: items.map((item) => item * 2) } });
  });

  async function itemOf(runId: string, itemIndex: number) {
    const found = (await engine.nodes(runId)).find((node) => node.itemIndex === itemIndex);
    assert.ok(found);
    return found;
  }
});

describe('a map of a transform', () => {
  let engine: TestEngine;
  before(async () => {
    engine = await startTestEngine();
  });
  after(() => engine.close());

  it('fails with what failed, and says how many', async () => {
    await engine.define({
      name: 'halved',
      nodes: [{ id: 'each', transform: '12 / item', forEach: 'input.items' }],
    });
    const runId = await engine.submit('halved', { items: [1, 0, 3] });
    const run = await engine.ended(runId);
    assert.equal(run.status, 'FAILED');
    assert.match(run.errorMessage ?? '', /1 of 3 items failed; the first is item 1/);
    const statuses = (await engine.nodes(runId)).map(({ itemIndex, status }) => [itemIndex, status]);
    assert.deepEqual(new Map(statuses as [number | null, string][]).get(2), 'SUCCESS');
  });
});
