import assert from 'node:assert/strict';
import { request } from 'node:http';
import { sql } from 'slonik';
import { z } from 'zod';
import { startRoom, type TestRoom } from '../http/support/room.ts';

type Bodies = Readonly<Record<string, string | Uint8Array>>;

/** What no webhook takes. */
const NO_JSON: Bodies = {
  'nothing but space': '  \n',
  'a word': 'alerts',
  'a form': 'status=firing&alerts=1',
  XML: '<alerts><alert/></alerts>',
  YAML: 'alerts:\n- labels: {a: b}\n',
  'cut off in a text': '{"alerts":[{"labels":{"alertname":"Dis',
  'cut off before the end': '{"alerts":[{"labels":{"alertname":"Disk"}}]',
  'single quotes': "{'alerts':[{'labels':{'a':'b'}}]}",
  'names without quotes': '{alerts:[{labels:{a:"b"}}]}',
  'a comma at the end': '{"alerts":[{"labels":{"a":"b"}},]}',
  'a comment': '{"alerts":[] /* none */}',
  'two bodies': '{"alerts":[]}{"alerts":[]}',
  NaN: '{"alerts":[{"labels":{"a":NaN}}]}',
  'a line break in a text': '{"alerts":[{"labels":{"a":"b\n"}}]}',
  'a control character': '{"alerts":[{"labels":{"a":"b\u0001"}}]}',
  'an escape that is none': '{"alerts":[{"labels":{"a":"\\x41"}}]}',
  'bytes that are no UTF-8': Uint8Array.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
  'half of a character at the end': Uint8Array.from([...Buffer.from('{"alerts":"'), 0xe2, 0x82]),
  'UTF-16': new Uint8Array(Buffer.from('{"alerts":[]}', 'utf16le')),
  'compressed bytes': Uint8Array.from([0x1f, 0x8b, 0x08, 0x00, 0x00]),
  '50,000 open brackets': '['.repeat(50_000),
  '200 levels': `${'['.repeat(200)}${']'.repeat(200)}`,
};

const alerts = (...list: unknown[]) => JSON.stringify({ alerts: list });
const alert = (fields: object) => alerts({ labels: { alertname: 'Disk' }, ...fields });

/** JSON, but no message of AlertManager or Grafana. */
const NO_ALERTS: Bodies = {
  null: 'null',
  true: 'true',
  'a number': '42',
  'a text': '"alerts"',
  'an empty list': '[]',
  'a list of alerts': '[{"labels":{"alertname":"Disk"}}]',
  'an empty object': '{}',
  'alerts that are null': '{"alerts":null}',
  'alerts that are an object': '{"alerts":{"labels":{"a":"b"}}}',
  'alerts that are a text': '{"alerts":"none"}',
  'a version of another format': '{"version":"3","alerts":[]}',
  'a version that is a number': '{"version":4,"alerts":[]}',
  'truncatedAlerts below 0': '{"truncatedAlerts":-1,"alerts":[]}',
  'groupLabels that are a list': '{"groupLabels":["a"],"alerts":[]}',
  'a commonLabel that is a number': '{"commonLabels":{"a":1},"alerts":[]}',
  'a receiver that is an object': '{"receiver":{},"alerts":[]}',
  'a receiver with NUL': '{"receiver":"a\\u0000","alerts":[]}',
  'a groupKey with half of a surrogate pair': '{"groupKey":"\\ud800","alerts":[]}',
  'an alert that is null': alerts(null),
  'an alert that is a text': alerts('Disk'),
  'an alert that is a list': alerts([]),
  'an alert without labels': alerts({}),
  'labels that are null': alert({ labels: null }),
  'labels that are a list': alert({ labels: ['a'] }),
  'no label': alert({ labels: {} }),
  'a label that is a number': alert({ labels: { a: 1 } }),
  'a label that is null': alert({ labels: { a: null } }),
  'a label without a name': alert({ labels: { '': 'x' } }),
  'a label with NUL': alert({ labels: { a: 'x\u0000' } }),
  'a label whose name has NUL': alert({ labels: { 'a\u0000': 'x' } }),
  'a label with half of a surrogate pair': '{"alerts":[{"labels":{"a":"\\udfff"}}]}',
  'an annotation that is an object': alert({ annotations: { summary: {} } }),
  'a status that there is not': alert({ status: 'pending' }),
  'a status that is null': alert({ status: null }),
  'a time that is a word': alert({ startsAt: 'yesterday' }),
  'a time that is a number': alert({ startsAt: 1_800_000_000 }),
  'a day that there is not': alert({ startsAt: '2030-13-45T00:00:00Z' }),
  'a time of a year that no clock reaches': alert({ startsAt: '2030-01-01T99:00:00Z' }),
  'a year before the first': alert({ startsAt: '0000-01-01T00:00:00Z' }),
  'a year after the last': alert({ endsAt: '9999-12-31T23:59:59-12:00' }),
  'an end that is true': alert({ endsAt: true }),
  'a generatorURL that is a list': alert({ generatorURL: [] }),
  'a fingerprint with space': alert({ fingerprint: 'a b' }),
  'a fingerprint that is a number': alert({ fingerprint: 7 }),
  'a fingerprint of 200 letters': alert({ fingerprint: 'f'.repeat(200) }),
  '10,001 alerts': JSON.stringify({ alerts: Array.from({ length: 10_001 }, () => ({})) }),
};

/** JSON that a generic webhook, which takes any, does not take either. */
const HAZARDOUS: Bodies = {
  NUL: '{"word":"a\\u0000"}',
  'a name with NUL': '{"a\\u0000":1}',
  'half of a surrogate pair': '{"word":"\\ud800"}',
  'a field __proto__': '{"__proto__":{"admin":true}}',
  'a field constructor': '{"deep":[{"constructor":{}}]}',
  'a field prototype': '{"prototype":1}',
};

describe('a malformed webhook', () => {
  let room: TestRoom;
  before(async function () {
    room = await startRoom({ workers: 0 });
    const nodes = [{ id: 'a', transform: '1' }];
    const triggers = [{ type: 'alertmanager' }, { type: 'grafana' }, { type: 'webhook' }];
    assert.equal((await room.post('/api/workflows', { name: 'everything', nodes, triggers })).status, 201);
  });
  after(() => room.close());

  const stored = () =>
    room.engine.db.one(sql.type(z.record(z.string(), z.number()))`
      SELECT (SELECT count(*)::integer FROM "Webhook") AS webhooks, (SELECT count(*)::integer FROM "Alert") AS alerts,
        (SELECT count(*)::integer FROM "AlertCooldown") AS cooldowns, (SELECT count(*)::integer FROM "TriggerDecision") AS decisions,
        (SELECT count(*)::integer FROM "IdempotencyKey") AS keys, (SELECT count(*)::integer FROM "WorkflowRun") AS runs`);
  const nothing = { webhooks: 0, alerts: 0, cooldowns: 0, decisions: 0, keys: 0, runs: 0 };

  const PLACES: readonly [string, string, Bodies][] = [
    ['AlertManager', '/api/webhooks/alertmanager', { ...NO_JSON, ...NO_ALERTS }],
    ['Grafana', '/api/webhooks/grafana', { ...NO_JSON, ...NO_ALERTS }],
    ['a generic sender', '/api/webhooks/workflows/everything', { ...NO_JSON, ...HAZARDOUS }],
  ];
  for (const [sender, path, bodies] of PLACES) {
    it(`of ${sender} is answered 400 with what is wrong, and leaves nothing behind (${Object.keys(bodies).length} kinds)`, async function () {
      for (const [kind, raw] of Object.entries(bodies)) {
        const { status, body } = await room.call('POST', path, { raw });
        assert.equal(status, 400, `${kind}: ${JSON.stringify(body)}`);
        assert.ok(body.detail.length > 10, kind);
      }
      assert.deepEqual(await stored(), nothing);
    });
  }

  it('leaves nothing behind when its sender goes away in the middle', async () => {
    await new Promise<void>((resolve) => {
      const headers = { 'content-type': 'application/json', 'content-length': '1000' };
      const sending = request(`${room.url}/api/webhooks/alertmanager`, { method: 'POST', headers });
      sending.on('error', () => undefined);
      sending.on('close', resolve);
      sending.write('{"alerts":[', () => sending.destroy());
    });
    assert.deepEqual(await stored(), nothing);
  });

  it('that is only enormous is taken: labels are longer than an index of Postgres stands', async () => {
    const nodes = [{ id: 'a', transform: '1', locks: [{ key: '{{ input.alert.labels.host }}' }] }];
    const common = { nodes, budget: { runs: 1, windowSeconds: 60, per: ['host'] } };
    const concurrency = { key: '{{ input.alert.labels.host }}', limit: 1 };
    const matchers = ['alertname="Long"'];
    const grouping = { groupBy: ['host'], groupWindowSeconds: 60 };
    for (const workflow of [
      { name: 'grouped-long', ...common, triggers: [{ type: 'alertmanager', matchers, ...grouping }] },
      { name: 'plain-long', ...common, concurrency, triggers: [{ type: 'alertmanager', matchers }] },
    ])
      assert.equal((await room.post('/api/workflows', workflow)).status, 201);
    // without repetition, or Postgres would compress it
    const host = Array.from({ length: 40_000 }, (_, n) => String.fromCodePoint(0x4e00 + ((n * 7919) % 20_000))).join(
      '',
    );
    const { status, body } = await room.post('/api/webhooks/alertmanager', {
      alerts: [{ labels: { alertname: 'Long', host } }],
    });
    assert.equal(status, 202, JSON.stringify(body).slice(0, 300));
    const outcomes = body.alerts[0].decisions.map(
      ({ workflowName, outcome }: Record<string, string>) => `${workflowName} ${outcome}`,
    );
    assert.deepEqual(outcomes.sort(), ['everything started', 'grouped-long grouped', 'plain-long started']);
  });

  it('leaves the service well: the next good one starts its run', async () => {
    assert.equal((await room.get('/health')).status, 200);
    assert.equal((await room.get('/health/db')).status, 200);
    const before = (await stored()).runs ?? 0;
    for (const [, path] of PLACES) {
      const { status, body } = await room.call('POST', path, { raw: '{"alerts":[{"labels":{"alertname":"Disk"}}]}' });
      assert.equal(status, 202, JSON.stringify(body));
    }
    assert.equal((await stored()).runs, before + 3);
    assert.ok(!room.log.some((line) => /"level":"(error|fatal)"/.test(line)), 'nothing of it is an error of ours');
  });
});
