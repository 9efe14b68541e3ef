import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { alertIdentity, alertInput, parseAlerts } from '../../flows/alerts.ts';
import { fingerprintOf } from '../../flows/fingerprint.ts';
import { assertProblem, refusal } from './refusals.ts';

/** Bodies that AlertManager 0.25 sent, as it sent them. */
const captured = JSON.parse(
  readFileSync(new URL('./fixtures/alertmanager-bodies.json', import.meta.url), 'utf8'),
) as Record<string, unknown>;
const now = new Date('2030-01-01T00:00:00.000Z');
const alertOf = (fields: object = {}) => ({ labels: { alertname: 'Test' }, ...fields });
const parseOne = (fields: object = {}) => parseAlerts({ alerts: [alertOf(fields)] }, now).alerts[0]!;

describe('the body of a webhook', () => {
  for (const [name, body] of Object.entries(captured)) {
    it(`as AlertManager sent it (${name}) gives its alert, with the fingerprint that we compute`, () => {
      const { alerts, rejected, group } = parseAlerts(body, now);
      assert.equal(alerts.length, 1);
      assert.equal(rejected.length, 0);
      assert.equal(fingerprintOf(alerts[0]!.labels), alerts[0]!.fingerprint);
      assert.equal(alerts[0]!.status, group.status);
      assert.equal(alerts[0]!.endsAt === null, group.status === 'firing');
      assert.equal(group.receiver, 'orch');
    });
  }

  it('may be the bare one: firing, from now on, fingerprint computed', () => {
    const { alerts } = parseAlerts({ alerts: [{ labels: { alertname: 'test' } }] }, now);
    assert.deepEqual(alerts, [
      {
        index: 0,
        status: 'firing',
        labels: { alertname: 'test' },
        annotations: {},
        startsAt: now.toISOString(),
        endsAt: null,
        generatorURL: null,
        fingerprint: '1f56cb8f931d1bd4',
        extra: {},
      },
    ]);
  });

  it('may be empty', () => {
    assert.deepEqual(parseAlerts({ alerts: [] }, now).alerts, []);
  });

  it('may be of Grafana, whose further fields are kept', () => {
    const { alerts, group } = parseAlerts(
      {
        version: '1',
        orgId: 1,
        title: 'x',
        state: 'alerting',
        alerts: [alertOf({ values: { A: 1.5 }, dashboardURL: 'http://g/d', silenceURL: '' })],
      },
      now,
    );
    assert.deepEqual(alerts[0]?.extra, { values: { A: 1.5 }, dashboardURL: 'http://g/d', silenceURL: '' });
    const input = alertInput(alerts[0], group) as { alert: { values: unknown } };
    assert.deepEqual(input.alert.values, { A: 1.5 });
  });

  it('judges each alert alone', () => {
    const { alerts, rejected, group } = parseAlerts(
      { truncatedAlerts: 3, alerts: [null, alertOf(), { labels: { a: 1 } }, alertOf({ startsAt: 'noon' })] },
      now,
    );
    assert.deepEqual(
      alerts.map(({ index }) => index),
      [1],
    );
    assert.deepEqual(
      rejected.map(({ index }) => index),
      [0, 2, 3],
    );
    assertProblem(rejected[1]!.problems, 'alerts[2].labels.a', 'string');
    assertProblem(rejected[2]!.problems, 'alerts[3].startsAt', 'ISO 8601');
    assert.equal(group.truncatedAlerts, 3);
  });

  it('becomes the input of a run: alert with its runbook, and group', () => {
    const { alerts, group } = parseAlerts(captured.prometheus_firing, now);
    const { alert, group: given } = alertInput(alerts[0]!, group) as Record<string, Record<string, unknown>>;
    assert.equal(alert!.runbook_url, 'http://localhost:9002/docs/runbooks/queue-backlog');
    assert.equal((alert!.labels as Record<string, string>).alertname, 'QueueBacklog');
    assert.equal(given!.groupKey, '{}:{alertname="QueueBacklog"}');
  });

  it('gives one identity to the same alert in any notation of its time, and others to its other states', () => {
    const first = alertIdentity('w', parseOne({ startsAt: '2030-01-01T01:00:00.5+01:00' }));
    assert.equal(
      alertIdentity('w', parseOne({ startsAt: '2030-01-01T00:00:00.500Z', annotations: { x: 'y' } })),
      first,
    );
    assert.notEqual(alertIdentity('w', parseOne({ startsAt: '2030-01-01T00:00:00.500Z', status: 'resolved' })), first);
    assert.notEqual(alertIdentity('v', parseOne({ startsAt: '2030-01-01T00:00:00.500Z' })), first);
  });

  const refused: [title: string, body: unknown][] = [
    ['null', null],
    ['a list', []],
    ['text', 'alerts'],
    ['an object without alerts', {}],
    ['alerts that are no list', { alerts: {} }],
    ['alerts null', { alerts: null }],
    ['an unknown version', { version: '3', alerts: [] }],
    ['a version that is a number', { version: 4, alerts: [] }],
    ['group labels that are a list', { groupLabels: [], alerts: [] }],
    ['NUL in the group', { groupKey: 'a\u0000', alerts: [] }],
    ['a negative count', { truncatedAlerts: -1, alerts: [] }],
    ['too many alerts', { alerts: Array.from({ length: 10_001 }, () => alertOf()) }],
    ...[
      null,
      1,
      'x',
      [],
      {},
      { labels: null },
      { labels: [] },
      { labels: {} },
      { labels: { a: null } },
      { labels: { a: { b: 1 } } },
      { labels: { '': 'x' } },
    ].map((alert): [string, unknown] => [`only the alert ${JSON.stringify(alert)}`, { alerts: [alert] }]),
    ...[
      { status: 'pending' },
      { status: 1 },
      { startsAt: 5 },
      { startsAt: 'x' },
      { startsAt: '2030' },
      { startsAt: '2030-13-45T99:00:00Z' },
      { endsAt: {} },
      { annotations: [] },
      { annotations: { a: 1 } },
      { generatorURL: 5 },
      { fingerprint: 5 },
      { fingerprint: 'a b' },
      { fingerprint: 'x'.repeat(200) },
      { labels: { a: '\u0000' } },
      { labels: { '\ud800': 'x' } },
      { annotations: { a: 'x\udc00' } },
    ].map((fields): [string, unknown] => [
      `only an alert with ${JSON.stringify(fields).slice(0, 60)}`,
      { alerts: [alertOf(fields)] },
    ]),
  ];
  for (const [title, body] of refused) {
    it(`is refused when it is ${title}`, () => {
      const error = refusal('INVALID_INPUT', () => parseAlerts(body, now));
      assert.ok(error.problems.length > 0);
    });
  }

  it('whatever it is, gives a batch or a refusal', () => {
    const field = fc.constantFrom(
      'alerts',
      'labels',
      'status',
      'startsAt',
      'annotations',
      'version',
      'alertname',
      '__proto__',
    );
    const { json } = fc.letrec((tie) => ({
      json: fc.oneof(
        { maxDepth: 5 },
        fc.constantFrom(null, 'firing', '4', 0, '2030-01-01T00:00:00Z'),
        fc.array(tie('json'), { maxLength: 3 }),
        fc.dictionary(field, tie('json'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(json, (value) => {
        try {
          parseAlerts({ alerts: [value] }, now);
        } catch (error) {
          assert.equal((error as { code?: string }).code, 'INVALID_INPUT');
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('a fingerprint', () => {
  it('does not depend on the order of the labels', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.string()), (labels) => {
        const turned = Object.fromEntries(Object.entries(labels).reverse());
        assert.equal(fingerprintOf(turned), fingerprintOf(labels));
        assert.match(fingerprintOf(labels), /^[0-9a-f]{16}$/);
      }),
    );
  });

  it('tells where a name ends and a value begins', () => {
    assert.notEqual(fingerprintOf({ ab: 'c' }), fingerprintOf({ a: 'bc' }));
  });
});
