import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { startRoom, type TestRoom } from './support/room.ts';
import type { TestAnswer } from './support/client.ts';

interface Decision {
  workflowName: string;
  outcome: string;
  workflowRunId?: string;
}

/** As AlertManager 0.25 sends it. */
function webhook(...alerts: object[]) {
  return {
    version: '4',
    receiver: 'orchestration',
    status: 'firing',
    groupKey: '{}:{alertname="X"}',
    groupLabels: { alertname: 'X' },
    commonLabels: {},
    commonAnnotations: {},
    externalURL: 'http://alertmanager.example',
    truncatedAlerts: 0,
    alerts,
  };
}

let sequence = 0;

function alert(labels: Record<string, string>, more: object = {}) {
  sequence += 1;
  return {
    status: 'firing',
    labels: { alertname: 'X', ...labels },
    annotations: { summary: 'It hurts' },
    startsAt: new Date(1_800_000_000_000 + sequence * 1000).toISOString(),
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: 'http://prometheus.example',
    ...more,
  };
}

describe('the webhook of AlertManager', () => {
  let room: TestRoom;

  before(async function () {
    room = await startRoom({ agents: { notifier: (input) => input } });
    const nodes = [{ id: 'say', transform: 'input.alert.labels.alertname' }];
    for (const workflow of [
      {
        name: 'critical',
        nodes,
        triggers: [{ type: 'alertmanager', matchers: ['severity="critical"', 'team=~"core|infra"'] }],
      },
      {
        name: 'cooled',
        nodes,
        triggers: [
          { type: 'alertmanager', matchers: ['kind="cooled"'], on: ['firing', 'resolved'], cooldownSeconds: 3600 },
        ],
      },
      {
        name: 'sleeping',
        status: 'DRAFT',
        nodes,
        triggers: [{ type: 'alertmanager', matchers: ['severity="critical"'] }],
      },
      {
        name: 'strict',
        inputSchema: { type: 'object', required: ['nothing'] },
        nodes,
        triggers: [{ type: 'alertmanager', matchers: ['kind="strict"'] }],
      },
    ]) {
      assert.equal((await room.post('/api/workflows', workflow)).status, 201, workflow.name);
    }
  });
  after(() => room.close());

  const send = (body: unknown): Promise<TestAnswer> => room.post('/api/webhooks/alertmanager', body);
  const outcomes = ({ body }: TestAnswer, index = 0): string[] =>
    body.alerts[index].decisions.map(({ workflowName, outcome }: Decision) => `${workflowName} ${outcome}`);

  it('starts the workflows whose matchers ask for an alert, with the alert as input', async () => {
    const answer = await send(
      webhook(alert({ severity: 'critical', team: 'core' }), alert({ severity: 'critical', team: 'web' })),
    );
    assert.equal(answer.status, 202);
    assert.deepEqual(outcomes(answer, 0), ['critical started']);
    assert.deepEqual(outcomes(answer, 1), ['alert-notification started']);
    const [runId] = answer.body.workflowRunIds;
    const { body } = await room.get(`/api/workflows/critical/runs/${runId}?wait=10`);
    assert.equal(body.status, 'SUCCESS');
    assert.equal(body.trigger.type, 'alertmanager');
    assert.equal(body.input.alert.annotations.summary, 'It hurts');
    assert.equal(body.input.group.receiver, 'orchestration');
  });

  it('takes the bare form, and tells the built-in workflow about it', async () => {
    const answer = await send({ alerts: [{ labels: { alertname: 'test' } }] });
    assert.equal(answer.status, 202);
    assert.deepEqual(outcomes(answer), ['alert-notification started']);
    const [runId] = answer.body.workflowRunIds;
    const { body } = await room.get(`/api/workflows/alert-notification/runs/${runId}?wait=10`);
    assert.equal(body.status, 'SUCCESS', JSON.stringify(body.error));
    assert.equal(body.agentRuns[0].output.message, 'test is firing');
  });

  it('starts one run for an alert that is sent again and again, at once too', async () => {
    const body = webhook(alert({ severity: 'critical', team: 'infra' }));
    const answers = await Promise.all(Array.from({ length: 10 }, () => send(body)));
    assert.equal(answers.filter((answer) => outcomes(answer)[0] === 'critical started').length, 1);
    assert.equal(new Set(answers.map(({ body: { alerts } }) => alerts[0].decisions[0].workflowRunId)).size, 1);
    assert.deepEqual(outcomes(await send(body)), ['critical duplicate']);
  });

  it('declines a resolved alert that its workflow did not ask for, without telling the built-in one', async () => {
    const answer = await send(webhook(alert({ severity: 'critical', team: 'core' }, { status: 'resolved' })));
    assert.deepEqual(outcomes(answer), ['critical status']);
    assert.equal(answer.body.started, 0);
  });

  it('holds the cooldown for other alerts of the fingerprint, also when they come at once', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => send(webhook(alert({ kind: 'cooled' })))));
    const all = answers.map((answer) => outcomes(answer)[0]).sort();
    assert.deepEqual(all, [...Array<string>(4).fill('cooled cooldown'), 'cooled started']);
    const other = await send(webhook(alert({ kind: 'cooled', instance: 'b' })));
    assert.deepEqual(outcomes(other), ['cooled started']);
  });

  it('goes on with an alert that took the cooldown before a crash and started nothing', async () => {
    const late = alert({ kind: 'cooled', instance: 'crashed' });
    const { sql } = await import('slonik');
    const { body } = await room.get('/api/workflows/cooled');
    const { fingerprintOf } = await import('../../flows/fingerprint.ts');
    await room.engine.db.query(sql.unsafe`
      INSERT INTO "AlertCooldown" ("workflowId", fingerprint, identity)
      VALUES (${body.id}, ${fingerprintOf(late.labels)}, ${`${late.startsAt}/firing`})`);
    assert.deepEqual(outcomes(await send(webhook(late))), ['cooled started']);
  });

  it('says what was wrong with an alert, and takes the others', async () => {
    const answer = await send(
      webhook({ labels: 'none' }, alert({ severity: 'critical', team: 'core' }), alert({ a: 'x\u0000' }), {
        labels: { ['__proto__x']: '1' },
      }),
    );
    assert.equal(answer.status, 202);
    assert.match(JSON.stringify(answer.body.alerts[0].errors), /alerts\[0\]\.labels/);
    assert.deepEqual(outcomes(answer, 1), ['critical started']);
    assert.match(JSON.stringify(answer.body.alerts[2].errors), /alerts\[2\]/);
    assert.equal(outcomes(answer, 3).length, 1);
  });

  it('says what the workflow itself refused', async () => {
    const answer = await send(webhook(alert({ kind: 'strict' })));
    assert.equal(answer.status, 202);
    assert.deepEqual(outcomes(answer), ['strict declined']);
  });

  it('answers 202 to an empty list, and 400 where no alert can be read', async () => {
    assert.equal((await send(webhook())).status, 202);
    for (const body of [
      {},
      [],
      { alerts: {} },
      { alerts: [{}] },
      { version: '9', alerts: [] },
      webhook({ labels: {} }),
    ]) {
      assert.equal((await send(body)).status, 400, JSON.stringify(body));
    }
  });

  it('takes what AlertManager really sends, and Grafana’s form', async function () {
    const sample = new URL('./fixtures/alertmanager-payloads.json', import.meta.url);
    const captured = JSON.parse(readFileSync(sample, 'utf8')) as Record<string, { body?: unknown }>;
    for (const { body } of Object.values(captured)) if (body) assert.equal((await send(body)).status, 202);
    const grafana = await room.post('/api/webhooks/grafana', {
      ...webhook(alert({ from: 'grafana' }, { values: { B: 1 }, dashboardURL: 'http://grafana.example' })),
      version: '1',
      orgId: 1,
      title: '[FIRING]',
      state: 'alerting',
    });
    assert.equal(grafana.status, 202);
    assert.deepEqual(outcomes(grafana), ['alert-notification started']);
  });

  it('keeps what came, with what became of it, and counts it', async () => {
    await send({ alerts: [{ labels: { alertname: 'kept' } }] });
    const [last] = (await room.get('/api/webhooks?kind=alertmanager&limit=1')).body;
    assert.equal(last.body, '{"alerts":[{"labels":{"alertname":"kept"}}]}');
    assert.equal(last.alerts[0].decisions[0].outcome, 'started');
    const metrics = (await room.get('/metrics')).text;
    assert.match(metrics, /webhook_alerts_total\{outcome="started"\} \d/);
    assert.match(metrics, /webhook_alerts_total\{outcome="cooldown"\} 4/);
  });
});

describe('a generic webhook', () => {
  let room: TestRoom;
  before(async function () {
    room = await startRoom();
    const nodes = [{ id: 'say', transform: 'input.body.word' }];
    await room.post('/api/workflows', { name: 'hooked', nodes, triggers: [{ type: 'webhook' }] });
    await room.post('/api/workflows', { name: 'unhooked', nodes });
  });
  after(() => room.close());

  it('starts the workflow with its body as input', async () => {
    const answer = await room.post('/api/webhooks/workflows/hooked', { word: 'hello' });
    assert.equal(answer.status, 202);
    const { body } = await room.get(`${answer.headers.get('location') ?? ''}?wait=10`);
    assert.deepEqual(body.output, { say: 'hello' });
    assert.equal(body.trigger.type, 'webhook');
  });

  it('does not start one without such a trigger', async () => {
    assert.equal((await room.post('/api/webhooks/workflows/unhooked', {})).status, 409);
  });
});
