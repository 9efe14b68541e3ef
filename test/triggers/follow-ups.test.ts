import assert from 'node:assert/strict';
import { sql } from 'slonik';
import { z } from 'zod';
import { createLogger } from '../../platform/log.ts';
import { createDatabaseClock } from '../../workers/database-clock.ts';
import { createLeads } from '../../workers/leads.ts';
import { createRest } from '../../workers/rest.ts';
import { createTriggers } from '../../workers/triggers/triggers.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { waitFor } from '../support/wait-for.ts';
import { decisionsOf } from './support/decisions.ts';

describe('what follows the end of a run', () => {
  let engine: TestEngine;
  before(async function () {
    engine = await startTestEngine();
  });
  after(() => engine.close());

  const runsOf = (id: string) =>
    engine.db.any(sql.type(z.object({ id: z.string(), status: z.string(), input: z.any(), trigger: z.any() }))`
      SELECT id, status, input, trigger FROM "WorkflowRun" WHERE "workflowId" = ${id} ORDER BY "createdAt"`);
  const ok = [{ id: 'a', transform: 'input.n' }];
  const fails = [{ id: 'a', transform: 'input.missing' }];
  const answers = [{ id: 'b', transform: 'input.from' }];

  it('is the workflow that asks for it, once, with the run as its input', async function () {
    const mapping = { from: '{{ input.run.output.a }}', id: '{{ input.run.id }}' };
    const follower = await engine.define({
      name: 'follower',
      nodes: answers,
      triggers: [{ type: 'workflow', workflow: 'leader', mapping }],
    });
    await engine.define({ name: 'leader', nodes: ok });
    const leader = await engine.submit('leader', { n: 7 });
    await waitFor(async () => (await runsOf(follower)).length === 1, { timeoutMs: 10_000, describe: 'the follower' });
    const [run] = await runsOf(follower);
    assert.deepEqual(run?.input, { from: 7, id: leader });
    assert.equal(run.trigger.runId, leader);
    await engine.submit('leader', { n: 8 });
    await waitFor(async () => (await runsOf(follower)).length === 2, { timeoutMs: 10_000, describe: 'the second one' });
    const decided = async () => (await decisionsOf(engine.db, `${follower}.workflow.0`)).length === 2;
    await waitFor(decided, { timeoutMs: 5_000, describe: 'both decisions' });
  });

  it('is onFailure of a run that failed, and of no other', async function () {
    const rescue = await engine.define({ name: 'rescue', nodes: [{ id: 'b', transform: 'input.run.error.nodeId' }] });
    const fragile = await engine.define({ name: 'fragile', nodes: fails, onFailure: 'rescue' });
    const runId = await engine.submit('fragile', {});
    await waitFor(async () => (await runsOf(rescue)).length === 1, { timeoutMs: 10_000, describe: 'the rescue' });
    const [run] = await runsOf(rescue);
    assert.equal(run?.input.run.id, runId);
    assert.deepEqual((await engine.ended(run.id)).output, { b: 'a' });
    await engine.submit('fragile', { missing: 1 });
    await engine.submit('fragile', {});
    await waitFor(async () => (await runsOf(rescue)).length === 2, { timeoutMs: 10_000, describe: 'one more' });
    const decided = async () => (await decisionsOf(engine.db, `${fragile}.onFailure.0`)).length === 2;
    await waitFor(decided, { timeoutMs: 5_000, describe: 'both decisions' });
  });

  it('stops when runs follow each other in a circle', async function () {
    const nodes = [{ id: 'a', transform: '1' }];
    const ping = await engine.define({ name: 'ping', nodes, triggers: [{ type: 'workflow', workflow: 'pong' }] });
    const pong = await engine.define({ name: 'pong', nodes, triggers: [{ type: 'workflow', workflow: 'ping' }] });
    await engine.submit('ping', {});
    const refused = async () => (await decisionsOf(engine.db, `${pong}.workflow.0`)).includes('declined');
    await waitFor(refused, { timeoutMs: 35_000, describe: 'the end of the circle' });
    assert.deepEqual([(await runsOf(ping)).length, (await runsOf(pong)).length], [6, 5]);
  });

  it('is not lost when every worker is down between the end and the start', async function () {
    const late = await engine.define({
      name: 'late',
      nodes: answers,
      triggers: [{ type: 'workflow', workflow: 'early', on: ['CANCELLED'] }],
    });
    await engine.define({ name: 'early', nodes: [{ id: 'a', signal: { name: 'never' } }] });
    const runId = await engine.submit('early', {});
    await waitFor(async () => (await engine.run(runId)).status === 'RUNNING', {
      timeoutMs: 10_000,
      describe: 'it to run',
    });
    await engine.stopWorkers();
    await engine.flows.control.cancel(runId, 'test');
    assert.equal((await runsOf(late)).length, 0);
    const log = createLogger({ level: 'fatal' });
    const [loop] = createTriggers({
      ...engine.flows,
      db: engine.db,
      hints: engine.hints,
      log,
      leads: createLeads(engine.db, 'another worker'),
      clock: createDatabaseClock(),
      rest: createRest(engine.db),
      links: { publicUrl: '' },
    });
    await loop?.start();
    try {
      await waitFor(async () => (await runsOf(late)).length === 1, { timeoutMs: 15_000, describe: 'the follower' });
    } finally {
      await loop?.stop(1_000);
    }
  });
});
