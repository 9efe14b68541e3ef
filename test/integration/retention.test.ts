import assert from 'node:assert/strict';
import { sql } from 'slonik';
import { z } from 'zod';
import type { StatusRetention } from '../../sql/queries/retention.ts';
import { deletePastRetention } from '../../workers/retain.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { waitFor } from '../support/wait-for.ts';

describe('retention of runs', () => {
  let engine: TestEngine;

  before(async function () {
    this.timeout(300_000);
    engine = await startTestEngine();
    await engine.define({ name: 'good', nodes: [{ id: 'a', transform: 'true' }] });
    await engine.define({ name: 'bad', nodes: [{ id: 'a', transform: 'input.nothing' }] });
    await engine.define({ name: 'open', nodes: [{ id: 'a', signal: { name: 'never' } }] });
    await engine.define({ name: 'inner', nodes: [{ id: 'a', transform: 'true' }] });
    await engine.define({
      name: 'outer',
      nodes: [
        { id: 'sub', workflow: 'inner' },
        { id: 'wait', signal: { name: 'never' }, dependsOn: ['sub'] },
      ],
    });
  });
  after(() => engine.close());

  const KEEP: readonly StatusRetention[] = [
    { status: 'SUCCESS', days: 7 },
    { status: 'FAILED', days: 90 },
    { status: 'CANCELLED', days: 0 },
  ];
  const clean = (limit?: number) => deletePastRetention(engine.db, KEEP, new AbortController().signal, limit);
  const age = (runId: string, days: number) =>
    engine.db.query(sql.type(z.object({}))`
      UPDATE "WorkflowRun" SET "createdAt" = "createdAt" - ${days} * interval '1 day', "finishedAt" = "finishedAt" - ${days} * interval '1 day'
      WHERE id = ${runId}`);
  const left = async () =>
    new Set(await engine.db.anyFirst(sql.type(z.object({ id: z.string() }))`SELECT id FROM "WorkflowRun"`));
  const aged = async (workflow: string, days: number) => {
    const runId = await engine.submit(workflow);
    await engine.ended(runId);
    await age(runId, days);
    return runId;
  };

  it('goes by age and status, in batches, and leaves what is kept for ever', async () => {
    const gone = [await aged('good', 8), await aged('good', 200), await aged('bad', 91)];
    const kept = [await aged('good', 6), await aged('bad', 89), await aged('bad', 8)];
    const cancelled = await engine.submit('open');
    await engine.flows.control.cancel(cancelled, 'test');
    await engine.ended(cancelled);
    await age(cancelled, 400);
    assert.equal(await clean(1), gone.length, 'one at a time');
    const ids = await left();
    for (const runId of gone) assert.ok(!ids.has(runId));
    for (const runId of [...kept, cancelled]) assert.ok(ids.has(runId));
    assert.equal(await clean(), 0);
    const rows = await engine.db.oneFirst(sql.type(z.object({ n: z.number() }))`
      SELECT count(*)::integer AS n FROM "AgentRun" a WHERE NOT EXISTS (SELECT FROM "WorkflowRun" w WHERE w.id = a."runId")`);
    assert.equal(rows, 0, 'nothing of them is left');
  });

  it('never deletes an open run, nor one whose parent is open', async () => {
    const open = await engine.submit('open');
    const outer = await engine.submit('outer');
    await waitFor(async () => (await engine.node(outer, 'wait')).waitingFor === 'signal', {
      describe: 'the parent to wait',
    });
    const inner = await engine.db.oneFirst(sql.type(z.object({ id: z.string() }))`
      SELECT id FROM "WorkflowRun" WHERE "parentRunId" = ${outer}`);
    for (const runId of [open, outer, inner]) await age(runId, 400);
    assert.equal(await clean(), 0);
    for (const runId of [open, outer, inner]) assert.ok((await left()).has(runId));
    for (const runId of [open, outer]) await engine.flows.control.cancel(runId, 'test');
    assert.equal(await clean(), 1, 'the inner run goes when its parent has ended');
  });
});
