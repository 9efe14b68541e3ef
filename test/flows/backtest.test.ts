import assert from 'node:assert/strict';
import { backtest, type KeptWebhook } from '../../flows/backtest.ts';
import { parseDefinition } from '../../flows/definition.ts';

const BEGAN = Date.parse('2030-01-01T00:00:00Z');
const at = (seconds: number) => new Date(BEGAN + seconds * 1_000);

function definition(trigger: object, more: object = {}) {
  const nodes = [{ id: 'a', transform: '1' }];
  return parseDefinition({ name: 'w', nodes, triggers: [{ type: 'alertmanager', ...trigger }], ...more });
}

/** A webhook that came `seconds` after the beginning, with an alert for each host that began then. */
function webhook(seconds: number, ...hosts: string[]): KeptWebhook {
  const alerts = hosts.map((host) => ({
    labels: { alertname: 'Full', cluster: 'x', host },
    startsAt: at(seconds).toISOString(),
  }));
  return { id: `w${seconds}`, source: 'alertmanager', body: JSON.stringify({ alerts }), receivedAt: at(seconds) };
}

describe('a back-test', () => {
  const settings = { runSeconds: 60 };

  it('counts starts, overlaps, and what would have been declined', () => {
    const webhooks = [webhook(0, 'a'), webhook(0, 'a'), webhook(30, 'b'), webhook(200, 'a'), webhook(400, 'a')];
    const { starts, ...counts } = backtest(definition({ cooldownSeconds: 300 }), webhooks, settings);
    assert.deepEqual(counts, {
      webhooks: 5,
      alerts: 5,
      wouldStart: 3,
      overlapping: 1,
      grouped: 0,
      declined: { duplicate: 1, cooldown: 1 },
    });
    assert.deepEqual(
      starts.map(({ labels, overlaps }) => [labels.host, overlaps]),
      [
        ['a', false],
        ['b', true],
        ['a', false],
      ],
    );
  });

  it('goes by the clock of the webhooks: maintenance windows, and nothing of today', () => {
    const maintenance = [{ from: at(100).toISOString(), until: at(300).toISOString(), matchers: [] }];
    const webhooks = [webhook(0, 'a'), webhook(200, 'a'), webhook(300, 'a')];
    const once = backtest(definition({}, { maintenance }), webhooks, settings);
    assert.deepEqual([once.wouldStart, once.declined], [2, { maintenance: 1 }]);
    assert.deepEqual(backtest(definition({}, { maintenance }), webhooks, settings), once);
  });

  it('makes one start of a group when its window closes, and none of too small a one', () => {
    const grouping = { groupBy: ['cluster'], groupWindowSeconds: 100, groupThreshold: 2 };
    const webhooks = [
      webhook(0, 'a', 'b'),
      webhook(0, 'a'),
      webhook(50, 'c'),
      webhook(101, 'd'),
      webhook(300, 'e', 'f'),
    ];
    const { starts, grouped, declined, wouldStart } = backtest(definition(grouping), webhooks, settings);
    assert.deepEqual([wouldStart, grouped, declined], [2, 6, { duplicate: 1, below_threshold: 1 }]);
    assert.deepEqual(
      starts.map((start) => [start.at, start.webhookId, start.alerts, start.labels]),
      [
        [at(100).toISOString(), 'w0', 3, { cluster: 'x' }],
        [at(400).toISOString(), 'w300', 2, { cluster: 'x' }],
      ],
    );
  });

  it('passes over what could not be read when it came', () => {
    const broken = { ...webhook(0, 'a'), body: '{"alerts": [' };
    assert.deepEqual(backtest(definition({}), [broken, webhook(1, 'a')], settings).wouldStart, 1);
  });
});
