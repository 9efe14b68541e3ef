import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'slonik';
import { z } from 'zod';
import { startRoom, type TestRoom } from '../http/support/room.ts';

/** ALERT_FLOOD=10000 makes it the flood of a whole minute, and prints the time of the answers: that needs a quiet machine. */
const { ALERT_FLOOD, ALERT_FLOOD_PER_MESSAGE = '25', ALERT_FLOOD_WORKERS = '0' } = process.env;
const ALERTS = Number(ALERT_FLOOD ?? 500);
const PER_MESSAGE = Number(ALERT_FLOOD_PER_MESSAGE);
/** Each of the two AlertManagers tells of 10,000 alerts a minute. */
const MESSAGE_EVERY_MS = 60_000 / (10_000 / PER_MESSAGE);

describe('a flood of alerts', () => {
  let room: TestRoom;
  before(async function () {
    room = await startRoom({ agents: { notifier: (input) => input }, workers: Number(ALERT_FLOOD_WORKERS) });
    const nodes = [{ id: 'a', transform: '1' }];
    const triggers = [{ type: 'alertmanager', matchers: ['severity="critical"'], on: 'both' }];
    await room.post('/api/workflows', { name: 'flooded', nodes, triggers });
  });
  after(() => room.close());

  it('from two AlertManagers, repeated and out of order, starts one run for each alert', async function () {
    this.timeout(300_000);
    const alerts = Array.from({ length: ALERTS }, (_, index) => ({
      status: 'firing',
      labels: { alertname: 'Flood', severity: 'critical', instance: `host-${index % 500}` },
      startsAt: new Date(1_800_000_000_000 + index * 1_000).toISOString(),
    }));
    const times: number[] = [];
    const under: Promise<void>[] = [];
    async function deliver(some: typeof alerts): Promise<void> {
      const started = performance.now();
      const { status } = await room.post('/api/webhooks/alertmanager', { version: '4', alerts: some });
      times.push(performance.now() - started);
      assert.equal(status, 202);
    }
    /** By the clock, whether or not the answers keep up. */
    async function send(order: typeof alerts): Promise<void> {
      const began = performance.now();
      for (let at = 0, n = 0; at < order.length; at += PER_MESSAGE, n += 1) {
        await delay(Math.max(0, began + n * MESSAGE_EVERY_MS - performance.now()));
        under.push(deliver(order.slice(at, at + PER_MESSAGE)));
      }
    }
    const repeats = alerts.slice(0, ALERTS / 10);
    await Promise.all([send([...alerts, ...repeats]), send([...alerts].reverse())]);
    await Promise.all(under);
    times.sort((a, b) => a - b);
    const runs = await room.engine.db.oneFirst(sql.type(z.object({ count: z.number() }))`
      SELECT count(*)::integer AS count FROM "WorkflowRun" WHERE "workflowName" = 'flooded'`);
    assert.equal(runs, ALERTS);
    if (ALERT_FLOOD === undefined) return;
    const quantile = (q: number) =>
      `${(times[Math.min(times.length - 1, Math.floor(times.length * q))] ?? 0).toFixed(0)} ms`;
    console.log(`      ${times.length} messages: p50 ${quantile(0.5)}, p99 ${quantile(0.99)}, slowest ${quantile(1)}`);
  });
});
