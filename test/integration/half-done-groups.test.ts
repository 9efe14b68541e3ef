import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { sql } from 'slonik';
import { z } from 'zod';
import { createDatabaseClock } from '../../workers/database-clock.ts';
import { createNodeExecution, type NodeExecutionParts } from '../../workers/execute-node.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';

describe('a group of transforms whose worker is lost in the middle', () => {
  let engine: TestEngine;
  before(async () => {
    engine = await startTestEngine();
    await engine.stopWorkers();
  });
  after(() => engine.close());

  it('goes on with the results of those that are done', async () => {
    await engine.define({
      name: 'sum',
      nodes: [
        { id: 'one', transform: '1' },
        { id: 'two', transform: 'one.output + 1', dependsOn: ['one'] },
        { id: 'three', transform: 'one.output + two.output', dependsOn: ['one', 'two'] },
      ],
    });
    const runId = await engine.submit('sum');
    const { flows, db } = engine;
    const token = randomUUID();
    const lost = { runId, token, workerId: 'lost' };
    const claim = { ...lost, epoch: 1, nodes: [0, 1, 2], leaseSeconds: 30, needs: [], withRun: false };
    assert.ok('claimed' in (await flows.engine.claim(claim)));
    const one = (await engine.node(runId, 'one')).id;
    const { started } = await flows.engine.settle({
      ...lost,
      agentRunId: one,
      status: 'SUCCESS',
      output: 1,
      ahead: true,
    });
    assert.deepEqual(
      started.map(({ nodeId }) => nodeId),
      ['two'],
    );
    const released = await flows.engine.release({
      ...{ runId, token, agentRunId: (await engine.node(runId, 'two')).id },
      ...{ delaySeconds: 0, lost: true, errorCode: 'WORKER_LOST', errorMessage: 'gone' },
    });
    assert.ok(released.released);

    const its = { db, metrics: engine.metrics, workerId: 'next', clock: createDatabaseClock() };
    const parts = { ...flows, ...its } as unknown as NodeExecutionParts;
    const versionId = await db.oneFirst(sql.type(z.object({ versionId: z.number() }))`
      SELECT "versionId" FROM "WorkflowRun" WHERE id = ${runId}`);
    await createNodeExecution(parts)({ runId, epoch: 1, versionId, group: 0 });
    const { status, output, errorMessage } = await engine.run(runId);
    assert.deepEqual({ status, output }, { status: 'SUCCESS', output: { three: 3 } }, errorMessage ?? '');
  });
});
