import assert from 'node:assert/strict';
import { sql } from 'slonik';
import { z } from 'zod';
import { startTestEngine, type TestEngine } from '../support/engine.ts';

describe('a run of transforms only', () => {
  let engine: TestEngine;
  before(async function () {
    this.timeout(300_000);
    engine = await startTestEngine();
  });
  after(() => engine.close());

  it('has the times at which its nodes were computed, in their order, and takes time itself', async () => {
    await engine.define({
      name: 'chain',
      nodes: [
        { id: 'a', transform: 'input.list.map(n, n * 2)' },
        { id: 'b', transform: 'a.output.filter(n, n % 3 == 0)', dependsOn: ['a'] },
        { id: 'c', transform: 'size(b.output)', dependsOn: ['b'] },
      ],
    });
    const runId = await engine.submit('chain', { list: Array.from({ length: 2_000 }, (_, index) => index) });
    assert.equal((await engine.ended(runId)).status, 'SUCCESS');
    const ordered = await engine.db.oneFirst(sql.type(z.object({ ordered: z.boolean() }))`
      SELECT w."createdAt" <= w."startedAt" AND w."startedAt" = min(a."startedAt") AND max(a."finishedAt") <= w."finishedAt"
        AND w."startedAt" < w."finishedAt" AND bool_and(a."startedAt" < a."finishedAt" AND a."readyAt" <= a."startedAt")
        AND bool_and(a."startedAt" >= coalesce(a.before, a."startedAt")) AS ordered
      FROM "WorkflowRun" w
      JOIN (SELECT *, lag("finishedAt") OVER (ORDER BY "nodeIndex") AS before FROM "AgentRun") a ON a."runId" = w.id
      WHERE w.id = ${runId} GROUP BY w.id`);
    assert.ok(ordered);
  });
});
