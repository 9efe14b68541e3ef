import assert from 'node:assert/strict';
import { sql } from 'slonik';
import { z } from 'zod';
import { createLogger } from '../../platform/log.ts';
import { createSchedules } from '../../workers/triggers/schedules.ts';
import type { Task } from '../../workers/triggers/task.ts';
import { createActiveTriggers } from '../../workers/triggers/triggered-workflows.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';

/** The days on which Berlin puts its clock forward and back, and when `30 * * * *` and `30 2 * * *` are due around the shift. */
const DAYS = {
  spring: {
    from: '2026-03-29T00:00:00Z',
    hourly: ['00:30', '01:30', '02:30'],
    // 02:30 does not exist: an hour later on the clock
    nightly: ['01:30'],
  },
  autumn: {
    from: '2026-10-25T00:00:00Z',
    hourly: ['00:30', '01:30', '02:30'],
    // 02:30 comes twice: the first time only
    nightly: ['00:30'],
  },
};
const POLICIES = ['skip', 'queue', 'cancel_running', 'all'] as const;
const MINUTE = 60_000;

describe('a schedule, by its own clock', () => {
  const log = createLogger({ level: 'fatal' });
  let engine: TestEngine;
  let clock = new Date();
  let schedules: Task;

  before(async function () {
    engine = await startTestEngine({ workers: 0 });
    schedules = createSchedules(createActiveTriggers(log), () => clock);
  });
  after(() => engine.close());
  afterEach(async () => {
    await engine.db.query(sql.type(z.object({}))`UPDATE "Workflow" SET "pausedAt" = now()`);
  });

  const look = () => schedules.run({ db: engine.db, ...engine.flows, log, retentionDays: 0, links: { publicUrl: '' } });

  /** A workflow whose schedule has been looked after until `from`. */
  async function schedule(
    name: string,
    fields: { cron: string; overlap: string; catchUpSeconds?: number },
    from: string,
    more: object = {},
  ) {
    const triggers = [{ type: 'schedule', timezone: 'Europe/Berlin', ...fields }];
    const id = await engine.define({ name, nodes: [{ id: 'a', signal: { name: 'go' } }], triggers, ...more });
    const cursor = `schedule/${id}.schedule.0/${fields.cron} Europe/Berlin`;
    await engine.db.query(sql.type(z.object({}))`
      INSERT INTO "TriggerCursor" (name, at) VALUES (${cursor}, ${from}::timestamptz)`);
    return id;
  }

  const runsOf = (workflowId: string) =>
    engine.db.any(sql.type(z.object({ id: z.string(), due: z.string(), status: z.string(), trigger: z.any() }))`
      SELECT id, to_char((trigger ->> 'dueAt')::timestamptz AT TIME ZONE 'UTC', 'HH24:MI') AS due, status, trigger
      FROM "WorkflowRun" WHERE "workflowId" = ${workflowId} ORDER BY trigger ->> 'dueAt'`);
  const duesOf = async (workflowId: string) => (await runsOf(workflowId)).map(({ due }) => due);
  const decisionsOf = (workflowId: string) =>
    engine.db.any(sql.type(z.object({ outcome: z.string(), message: z.string().nullable(), dueAt: z.string() }))`
      SELECT outcome, message, subject ->> 'dueAt' AS "dueAt" FROM "TriggerDecision" WHERE "workflowId" = ${workflowId} ORDER BY at, id`);

  async function endOpenRuns(workflowId: string): Promise<void> {
    for (const { id, status } of await runsOf(workflowId))
      if (status !== 'CANCELLED') await engine.flows.control.cancel(id, 'test');
  }

  /** Looks every half an hour for three hours. */
  async function liveThrough(from: string, between: () => Promise<void>): Promise<void> {
    for (let minutes = 0; minutes <= 180; minutes += 30) {
      clock = new Date(Date.parse(from) + minutes * MINUTE);
      await look();
      await between();
    }
  }

  for (const [day, { from, hourly, nightly }] of Object.entries(DAYS)) {
    for (const overlap of POLICIES) {
      it(`in ${day} keeps each due time once with overlap ${overlap}, when runs end in time`, async function () {
        const each = await schedule(`hourly-${day}-${overlap.replace('_', '-')}`, hourlyWith(overlap), from);
        const night = await schedule(`nightly-${day}-${overlap.replace('_', '-')}`, nightlyWith(overlap), from);
        await liveThrough(from, async () => {
          await endOpenRuns(each);
          await endOpenRuns(night);
        });
        assert.deepEqual(await duesOf(each), hourly);
        assert.deepEqual(await duesOf(night), nightly);
      });
    }

    it(`in ${day} does what its overlap says, when no run ends`, async function () {
      const ids: Record<string, string> = {};
      for (const overlap of POLICIES)
        ids[overlap] = await schedule(`open-${day}-${overlap.replace('_', '-')}`, hourlyWith(overlap), from);
      await liveThrough(from, () => Promise.resolve());
      const { skip = '', queue = '', cancel_running: cancel = '', all = '' } = ids;
      assert.deepEqual(await duesOf(all), hourly);
      assert.deepEqual(await duesOf(skip), hourly.slice(0, 1));
      const outcomes = (await decisionsOf(skip)).map(({ outcome }) => outcome);
      assert.deepEqual(outcomes, ['started', 'overlap', 'overlap']);
      assert.deepEqual(await duesOf(cancel), hourly);
      const statuses = (await runsOf(cancel)).map(({ status }) => status);
      assert.deepEqual(statuses, ['CANCELLED', 'CANCELLED', 'PENDING']);
      assert.deepEqual(await duesOf(queue), hourly.slice(0, 1));
      for (const due of hourly.slice(1)) {
        await endOpenRuns(queue);
        await look();
        assert.equal((await duesOf(queue)).at(-1), due);
      }
    });
  }

  const hourlyWith = (overlap: string) => ({ cron: '30 * * * *', overlap });
  const nightlyWith = (overlap: string) => ({ cron: '30 2 * * *', overlap });

  it('after an outage starts what its catch-up window reaches, and notes what it has missed', async () => {
    const from = '2026-05-01T00:00:00Z';
    const reaching = await schedule('reaching', { ...hourlyWith('all'), catchUpSeconds: 2 * 3600 }, from);
    const forgetful = await schedule('forgetful', hourlyWith('all'), from);
    clock = new Date('2026-05-01T05:00:00Z');
    await look();
    await look();
    assert.deepEqual(await duesOf(reaching), ['03:30', '04:30']);
    const [missed, ...started] = await decisionsOf(reaching);
    assert.deepEqual(missed, {
      outcome: 'missed',
      message: '3 due times were missed, the last 2026-05-01T02:30:00.000Z: longer ago than catchUpSeconds',
      dueAt: '2026-05-01T02:30:00.000Z',
    });
    assert.deepEqual(
      started.map(({ outcome }) => outcome),
      ['started', 'started'],
    );
    assert.deepEqual(await duesOf(forgetful), []);
    assert.match((await decisionsOf(forgetful))[0]?.message ?? '', /^5 due times were missed/);
    clock = new Date('2026-05-01T05:30:30Z');
    await look();
    assert.deepEqual(await duesOf(forgetful), ['05:30'], 'it goes on in time');
  });

  it('counts against the budget of its workflow', async () => {
    const from = '2026-05-02T00:00:00Z';
    const budget = { runs: 2, windowSeconds: 86_400, per: ['instance'] };
    const id = await schedule('thrifty', hourlyWith('all'), from, { budget });
    for (const time of ['00:30', '01:30', '02:30']) {
      clock = new Date(`2026-05-02T${time}:01Z`);
      await look();
    }
    const holds = (await runsOf(id)).map(({ trigger }) => (trigger.overBudget as string | undefined) ?? null);
    const held = 'Over budget: run 3 for the workflow within 86400 s, where 2 are allowed';
    assert.deepEqual(holds, [null, null, held]);
    assert.equal((await decisionsOf(id)).at(-1)?.message, `Waits for an approval. ${held}`);
  });
});
