import assert from 'node:assert/strict';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { startPrivateRedis, type PrivateRedis } from '../support/private-redis.ts';
import { mostAtOnce } from './support/overlap.ts';
import { waitFor } from '../support/wait-for.ts';

const ITEMS = 1_000;
const MOST = 8;

describe('a map of a thousand items with two workers', () => {
  let redis: PrivateRedis;
  let engine: TestEngine;
  let underWay = 0;
  let mostUnderWay = 0;
  const calls = new Map<number, number>();

  before(async function () {
    this.timeout(300_000);
    redis = await startPrivateRedis(this);
    engine = await startTestEngine({
      redisUrl: redis.url,
      workers: 2,
      agents: {
        count: async (input) => {
          const { n } = input as { n: number };
          calls.set(n, (calls.get(n) ?? 0) + 1);
          underWay += 1;
          mostUnderWay = Math.max(mostUnderWay, underWay);
          // the first ones stay until as many are here as may be
          await waitFor(() => mostUnderWay >= MOST, { describe: 'the limit to be reached', intervalMs: 1 });
          underWay -= 1;
          return { n };
        },
      },
    });
  });
  after(async function () {
    this.timeout(300_000);
    if (!redis) return;
    await engine?.close();
    await redis.stop();
  });

  it('holds its maxParallel of 8, also when Redis is emptied in the middle, and runs each item once', async function () {
    this.timeout(300_000);
    await engine.define({
      name: 'wide',
      nodes: [{ id: 'each', agent: 'count', forEach: 'input.items', maxParallel: MOST, input: { n: '{{ item }}' } }],
    });
    const items = Array.from({ length: ITEMS }, (_, index) => index);
    const runId = await engine.submit('wide', { items });
    await waitFor(() => calls.size > ITEMS / 3, { timeoutMs: 60_000, describe: 'a third of the items' });
    await redis.flushAll();
    assert.equal((await engine.ended(runId, 250_000)).status, 'SUCCESS');
    assert.ok(mostUnderWay <= MOST, `${String(mostUnderWay)} agents ran at once`);
    const attempts = (await engine.nodes(runId)).filter(({ itemIndex }) => itemIndex !== null);
    assert.equal(mostAtOnce(attempts), MOST, 'attempts at once, by the times that are stored');
    assert.equal(attempts.length, ITEMS);
    assert.ok([...calls.values()].every((count) => count === 1) && calls.size === ITEMS, 'each item ran once');
    const { output } = await engine.node(runId, 'each');
    assert.deepEqual(
      output,
      items.map((n) => ({ n })),
    );
  });
});
