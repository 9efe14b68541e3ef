import assert from 'node:assert/strict';
import { sql } from 'slonik';
import { z } from 'zod';
import { createLogger } from '../../platform/log.ts';
import { forget } from '../../workers/triggers/forget.ts';
import { startApi, startRoom, type TestRoom } from '../http/support/room.ts';

const alert = (labels: Record<string, string>, minute: number, status = 'firing') => ({
  status,
  labels: { alertname: 'Disk', ...labels },
  startsAt: new Date(Date.now() - 3_600_000 + minute * 60_000).toISOString(),
});

describe('the triggers over HTTP', () => {
  let room: TestRoom;
  before(async function () {
    room = await startRoom({ agents: { notifier: (input) => input } });
    const nodes = [{ id: 'say', transform: '1' }];
    await room.post('/api/workflows', { name: 'nightly-rescue', nodes });
    await room.post('/api/workflows', {
      name: 'nightly',
      nodes,
      onFailure: 'nightly-rescue',
      triggers: [
        { type: 'schedule', cron: '0 3 * * *', timezone: 'Europe/Berlin', input: { due: '{{ input.dueAt }}' } },
        { type: 'alertmanager', matchers: ['alertname="Disk"'], cooldownSeconds: 3600 },
      ],
    });
    await room.post('/api/workflows', {
      name: 'tight',
      nodes,
      budget: { runs: 1, windowSeconds: 3600, per: ['host'] },
      triggers: [{ type: 'alertmanager', matchers: ['alertname="Loop"'] }],
    });
    await room.post('/api/workflows', {
      name: 'nervous',
      nodes,
      budget: { runs: 100, windowSeconds: 3600 },
      triggers: [{ type: 'alertmanager', matchers: ['alertname="Nervous"'] }],
    });
    const hour = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
    await room.post('/api/workflows', {
      name: 'maintained',
      nodes,
      maintenance: [{ from: hour(-1), until: hour(1), matchers: ['rack="7"'] }],
      triggers: [{ type: 'alertmanager', matchers: ['alertname="Rack"'], on: 'both' }],
    });
    await room.post('/api/workflows', {
      name: 'grouped',
      nodes: [{ id: 'count', transform: 'size(input.alerts)' }],
      triggers: [
        {
          type: 'alertmanager',
          matchers: ['alertname="Many"'],
          groupBy: ['cluster'],
          groupWindowSeconds: 1,
          groupThreshold: 2,
        },
      ],
    });
  });
  after(() => room.close());

  const send = (...alerts: object[]) => room.post('/api/webhooks/alertmanager', { version: '4', alerts });

  it('are listed with their next ten times and their last decision', async () => {
    await send(alert({ host: 'a' }, 1));
    const { body } = await room.get('/api/triggers?workflow=nightly');
    assert.deepEqual(
      body.map(({ type }: { type: string }) => type),
      ['schedule', 'alertmanager', 'onFailure'],
    );
    assert.equal(body[0].nextTimes.length, 10);
    assert.equal(body[1].lastDecision.outcome, 'started');
    const decisions = await room.get(`/api/triggers/${body[1].id}/decisions`);
    assert.equal(decisions.body[0].subject.labels.host, 'a');
  });

  it('show alerts as they stand: resolved stays resolved, whatever comes late', async () => {
    const firing = alert({ host: 'late' }, 2);
    await send(firing);
    await send({ ...firing, status: 'resolved', endsAt: new Date().toISOString() });
    await send(firing);
    const { body } = await room.get('/api/alerts?alertname=Disk&limit=1');
    assert.equal(body[0].labels.host, 'late');
    assert.equal(body[0].status, 'resolved');
    assert.equal(body[0].received, 3);
  });

  it('backfill a range of a schedule, each time once', async function () {
    const [{ id }] = (await room.get('/api/triggers?workflow=nightly')).body;
    const range = { from: '2026-03-28T00:00:00Z', until: '2026-03-31T00:00:00Z' };
    const planned = await room.post(`/api/triggers/${id}/backfill`, { ...range, dryRun: true });
    assert.equal(planned.status, 200);
    // Berlin puts the clock forward on the 29th: 03:00 is an hour earlier in UTC from then on
    const times = planned.body.map(({ dueAt }: { dueAt: string }) => dueAt);
    assert.deepEqual(times, ['2026-03-28T02:00:00.000Z', '2026-03-29T01:00:00.000Z', '2026-03-30T01:00:00.000Z']);
    const first = await room.post(`/api/triggers/${id}/backfill`, range);
    assert.equal(first.status, 202);
    const again = await room.post(`/api/triggers/${id}/backfill`, range);
    const outcomes = ({ body }: typeof first) => body.map(({ outcome }: { outcome: string }) => outcome);
    assert.deepEqual(outcomes(first), ['started', 'started', 'started']);
    assert.deepEqual(outcomes(again), ['duplicate', 'duplicate', 'duplicate']);
    assert.equal(again.body[0].workflowRunId, first.body[0].workflowRunId);
    const run = await room.get(`/api/workflows/nightly/runs/${first.body[0].workflowRunId}`);
    assert.equal(run.body.input.due, '2026-03-28T02:00:00.000Z');
  });

  it('let a run over budget wait for an approval before it does anything', async function () {
    const loop = (host: string, minute: number) => alert({ alertname: 'Loop', host }, minute);
    const answers = [await send(loop('a', 1)), await send(loop('a', 2)), await send(loop('b', 3))];
    const [ok, held, other] = await Promise.all(
      answers.map(async ({ body }) => {
        const path = `/api/workflows/tight/runs/${body.workflowRunIds[0]}`;
        return (await room.get(`${path}?wait=2`)).body;
      }),
    );
    assert.deepEqual([ok.status, held.status, other.status], ['SUCCESS', 'WAITING_APPROVAL', 'SUCCESS']);
    const [approval] = (await room.get(`/api/approvals?status=PENDING&workflowRunId=${held.id}`)).body;
    assert.match(approval.message, /Over budget: run 2 for host=a/);
    const decided = await room.post(`/api/approvals/${approval.id}/decision`, {
      decision: 'APPROVED',
      respondedBy: 'me',
    });
    assert.equal(decided.status, 200);
    const { body } = await room.get(`/api/workflows/tight/runs/${held.id}?wait=10`);
    assert.equal(body.status, 'SUCCESS');
  });

  it('let the run of a flapping alert wait for an approval, and say why', async function () {
    const answers = [];
    for (const minute of [1, 2, 3, 4, 5]) answers.push(await send(alert({ alertname: 'Nervous', host: 'a' }, minute)));
    const messages = answers.map(({ body }) => body.alerts[0].decisions[0].message as string | undefined);
    const flaps = 'Waits for an approval. The alert is flapping: it began 5 times within 3600 s';
    assert.deepEqual(messages, [undefined, undefined, undefined, undefined, flaps]);
    const [other] = [await send(alert({ alertname: 'Nervous', host: 'b' }, 5))];
    assert.equal(other?.body.alerts[0].decisions[0].message, undefined, 'another alert does not flap');
    const [last] = answers.at(-1)?.body.workflowRunIds ?? [];
    const { body } = await room.get(`/api/workflows/nervous/runs/${last}?wait=1`);
    assert.equal(body.status, 'WAITING_APPROVAL');
    const [known] = (await room.get('/api/alerts?alertname=Nervous&limit=1')).body;
    assert.equal(known.flapping, known.labels.host === 'a');
  });

  it('hold firing alerts for a maintenance window, never resolved ones', async () => {
    const outcome = async (rack: string, status: string) => {
      const { body } = await send(alert({ alertname: 'Rack', rack }, 1, status));
      const [{ outcome: became, until }] = body.alerts[0].decisions;
      return [became, until !== undefined];
    };
    assert.deepEqual(await outcome('7', 'firing'), ['maintenance', true]);
    assert.deepEqual(await outcome('7', 'resolved'), ['started', false]);
    assert.deepEqual(await outcome('8', 'firing'), ['started', false]);
    const [{ id }] = (await room.get('/api/triggers?workflow=maintained')).body;
    const [held] = (await room.get(`/api/triggers/${id}/decisions?outcome=maintenance`)).body;
    assert.match(held.message, /^A maintenance window is open until /);
    // the window is over: the same alert, sent again as AlertManager does, starts its run
    const { body } = await room.get('/api/workflows/maintained');
    await room.engine.db.query(sql.type(z.object({}))`
      UPDATE "WorkflowVersion" SET definition = jsonb_set(definition, '{maintenance}', '[]') WHERE "workflowId" = ${body.id}`);
    const fresh = await startApi(room.engine);
    const again = await fresh.post('/api/webhooks/alertmanager', { version: '4', alerts: [alertOf(held)] });
    await fresh.close();
    assert.equal(again.body.alerts[0].decisions[0].outcome, 'started');
  });

  const alertOf = ({ subject }: { subject: object }) => subject;

  it('forget webhooks, decisions and ended alerts after RETENTION_DAYS, and nothing younger', async () => {
    const count = () =>
      room.engine.db.one(sql.type(z.record(z.string(), z.number()))`
        SELECT (SELECT count(*)::integer FROM "Webhook") AS webhooks, (SELECT count(*)::integer FROM "TriggerDecision") AS decisions,
          (SELECT count(*)::integer FROM "Alert") AS alerts`);
    const before = await count();
    const { body } = await send(alert({ alertname: 'Old', host: 'a' }, 3), alert({ alertname: 'Old', host: 'b' }, 3));
    for (const statement of [
      sql.type(
        z.object({}),
      )`UPDATE "Webhook" SET "receivedAt" = now() - interval '49 hours' WHERE id = ${body.webhookId}`,
      sql.type(
        z.object({}),
      )`UPDATE "TriggerDecision" SET at = now() - interval '49 hours' WHERE "webhookId" = ${body.webhookId}`,
      sql.type(
        z.object({}),
      )`UPDATE "Alert" SET "lastReceivedAt" = now() - interval '49 hours' WHERE labels ->> 'alertname' = 'Old'`,
    ])
      await room.engine.db.query(statement);
    const { engine } = room;
    const log = createLogger({ level: 'fatal' });
    const parts = { ...engine.flows, db: engine.db, log, links: { publicUrl: '' } };
    for (const retentionDays of [0, 3]) await forget.run({ ...parts, retentionDays });
    const all = await count();
    assert.deepEqual(all, {
      webhooks: (before.webhooks ?? 0) + 1,
      decisions: (before.decisions ?? 0) + 2,
      alerts: (before.alerts ?? 0) + 2,
    });
    await forget.run({ ...parts, retentionDays: 2 });
    assert.deepEqual(await count(), before);
  });

  it('make one run of the alerts of a group, and none of too few', async function () {
    const many = (cluster: string, host: string) => alert({ alertname: 'Many', cluster, host }, 1);
    const answer = await send(many('x', '1'), many('x', '2'), many('x', '3'), many('y', '1'));
    assert.equal(answer.body.started, 0);
    const [{ id }] = (await room.get('/api/triggers?workflow=grouped')).body;
    const closed = async () =>
      (await room.get(`/api/triggers/${id}/decisions`)).body.filter(
        ({ outcome }: { outcome: string }) => outcome !== 'grouped',
      );
    let decisions: { outcome: string; workflowRunId: string }[] = [];
    while (decisions.length < 2) decisions = await closed();
    assert.deepEqual(decisions.map(({ outcome }) => outcome).sort(), ['below_threshold', 'started']);
    const runId = decisions.find(({ outcome }) => outcome === 'started')?.workflowRunId ?? '';
    const { body } = await room.get(`/api/workflows/grouped/runs/${runId}?wait=10`);
    assert.deepEqual(body.output, { count: 3 });
  });

  it('are tested against the webhooks that came, without starting anything', async () => {
    const before = (await room.get('/api/runs?limit=500')).body.length;
    const definition = {
      name: 'draft',
      nodes: [{ id: 'a', transform: '1' }],
      triggers: [{ type: 'alertmanager', matchers: ['host="late"'], on: 'both', cooldownSeconds: 3600 }],
    };
    const { status, body } = await room.post('/api/workflows/nightly/triggers/backtest', { definition });
    assert.equal(status, 200);
    assert.equal(body.wouldStart, 1);
    assert.deepEqual(body.declined, { cooldown: 1, duplicate: 1 });
    assert.equal((await room.get('/api/runs?limit=500')).body.length, before);
  });

  it('tell how often a workflow fixed its alerts', async () => {
    const { status, body } = await room.get('/api/workflows/nightly/alert-statistics');
    assert.equal(status, 200);
    assert.ok(body.runs >= 2);
  });
});
