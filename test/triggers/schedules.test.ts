import assert from 'node:assert/strict';
import { sql } from 'slonik';
import { z } from 'zod';
import { parseDefinition, type ScheduleTrigger } from '../../flows/definition.ts';
import { planSchedule } from '../../flows/schedule-plan.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { waitFor } from '../support/wait-for.ts';
import { decisionsOf } from './support/decisions.ts';

function trigger(fields: object): ScheduleTrigger {
  const nodes = [{ id: 'a', transform: '1' }];
  const { triggers } = parseDefinition({ name: 'x', nodes, triggers: [{ type: 'schedule', ...fields }] });
  return triggers[0] as ScheduleTrigger;
}

describe('what a schedule owes', () => {
  const hourly = trigger({ cron: '0 * * * *', catchUpSeconds: 7200 });
  const at = (text: string) => new Date(`2026-05-01T${text}Z`);
  const times = (list: readonly Date[]) => list.map((time) => time.toISOString().slice(11, 16));

  it('is the times since the cursor, within the catch-up window', () => {
    const plan = planSchedule('id', hourly, at('00:30:00'), at('05:30:00'));
    assert.deepEqual(times(plan.due), ['04:00', '05:00']);
    assert.deepEqual(times(plan.missed), ['01:00', '02:00', '03:00']);
    assert.equal(plan.cursor.toISOString(), at('05:30:00').toISOString());
  });

  it('is nothing twice: the next look begins at the cursor', () => {
    const plan = planSchedule('id', hourly, at('05:30:00'), at('05:30:00'));
    assert.deepEqual([plan.due, plan.missed], [[], []]);
  });

  it('waits for its jitter, and keeps the cursor before what waits', () => {
    const jittered = trigger({ cron: '* * * * *', jitterSeconds: 50 });
    let cursor = at('00:00:30');
    const started: string[] = [];
    for (let second = 0; second < 600; second += 1) {
      const now = new Date(at('00:00:30').getTime() + second * 1_000);
      const plan = planSchedule('id', jittered, cursor, now);
      started.push(...times(plan.due));
      for (const due of plan.due) assert.ok(now.getTime() - due.getTime() <= 51_000);
      cursor = plan.cursor;
    }
    assert.equal(new Set(started).size, started.length);
    assert.ok(started.length >= 9);
  });

  it('keeps to the clock of its zone on both days of daylight saving', () => {
    const nightly = trigger({ cron: '30 2 * * *', timezone: 'Europe/Berlin', catchUpSeconds: 86_400 });
    const spring = planSchedule('id', nightly, new Date('2026-03-28T12:00:00Z'), new Date('2026-03-29T12:00:00Z'));
    assert.deepEqual(spring.due.map(String), [String(new Date('2026-03-29T01:30:00Z'))]);
    const autumn = planSchedule('id', nightly, new Date('2026-10-24T12:00:00Z'), new Date('2026-10-25T12:00:00Z'));
    assert.deepEqual(autumn.due.map(String), [String(new Date('2026-10-25T00:30:00Z'))]);
  });
});

describe('schedules', () => {
  let engine: TestEngine;
  before(async function () {
    engine = await startTestEngine({ workers: 2 });
  });
  after(() => engine.close());

  /** Defines a workflow and moves its schedule's cursor back, as after an outage. */
  async function afterOutage(name: string, fields: object, nodes: object[], seconds: number): Promise<string> {
    const id = await engine.define({ name, nodes, triggers: [{ type: 'schedule', ...fields }] });
    const { cron, timezone } = trigger(fields);
    const cursor = `schedule/${id}.schedule.0/${cron} ${timezone}`;
    await engine.db.query(sql.type(z.object({}))`
      INSERT INTO "TriggerCursor" (name, at) VALUES (${cursor}, now() - ${seconds} * interval '1 second')
      ON CONFLICT (name) DO UPDATE SET at = excluded.at`);
    return id;
  }
  const runsOf = (id: string) =>
    engine.db.any(sql.type(z.object({ id: z.string(), status: z.string(), trigger: z.any() }))`
      SELECT id, status, trigger FROM "WorkflowRun" WHERE "workflowId" = ${id} ORDER BY trigger ->> 'dueAt'`);

  it('start each due time exactly once, with two workers about', async function () {
    const id = await afterOutage(
      'every-second',
      { cron: '* * * * * *', overlap: 'all', catchUpSeconds: 20 },
      [{ id: 'a', transform: '1' }],
      5,
    );
    await waitFor(async () => (await runsOf(id)).length >= 8, { timeoutMs: 15_000, describe: 'eight runs' });
    const runs = await runsOf(id);
    const dues = runs.map(({ trigger: { dueAt } }) => dueAt as string);
    assert.equal(new Set(dues).size, dues.length);
    const seconds = dues.map((due) => Date.parse(due) / 1000);
    seconds.forEach((second, index) => {
      if (index > 0) assert.equal(second, (seconds[index - 1] ?? 0) + 1, 'no second is left out');
    });
    await engine.db.query(sql.type(z.object({}))`UPDATE "Workflow" SET "pausedAt" = now() WHERE id = ${id}`);
  });

  it('skip a time while the run before is open, and say so', async function () {
    const id = await afterOutage(
      'skipping',
      { cron: '* * * * * *', catchUpSeconds: 3 },
      [{ id: 'a', signal: { name: 'go' } }],
      1,
    );
    const decisions = () => decisionsOf(engine.db, `${id}.schedule.0`);
    await waitFor(async () => (await decisions()).includes('overlap'), { timeoutMs: 10_000, describe: 'an overlap' });
    assert.equal((await runsOf(id)).length, 1);
    await engine.db.query(sql.type(z.object({}))`UPDATE "Workflow" SET "pausedAt" = now() WHERE id = ${id}`);
  });

  it('queue a time until the run before has ended', async function () {
    const id = await afterOutage(
      'queueing',
      { cron: '*/2 * * * * *', overlap: 'queue' },
      [{ id: 'a', signal: { name: 'go' } }],
      5,
    );
    await waitFor(async () => (await runsOf(id)).length === 1, { timeoutMs: 10_000, describe: 'the first run' });
    const [first] = await runsOf(id);
    await engine.flows.control.signal({ runId: first?.id ?? '', name: 'go', payload: null, by: 'test' });
    await waitFor(async () => (await runsOf(id)).length === 2, { timeoutMs: 10_000, describe: 'the second run' });
    const dues = (await runsOf(id)).map(({ trigger: { dueAt } }) => Date.parse(dueAt as string));
    assert.equal((dues[1] ?? 0) - (dues[0] ?? 0), 2_000, 'the time that waited, not the newest');
    await engine.db.query(sql.type(z.object({}))`UPDATE "Workflow" SET "pausedAt" = now() WHERE id = ${id}`);
  });

  it('cancel the run before', async function () {
    const id = await afterOutage(
      'cancelling',
      { cron: '*/3 * * * * *', overlap: 'cancel_running' },
      [{ id: 'a', signal: { name: 'go' } }],
      1,
    );
    await waitFor(async () => (await runsOf(id)).length >= 2, { timeoutMs: 15_000, describe: 'the second run' });
    assert.equal((await runsOf(id))[0]?.status, 'CANCELLED');
    await engine.db.query(sql.type(z.object({}))`UPDATE "Workflow" SET "pausedAt" = now() WHERE id = ${id}`);
  });
});
