import assert from 'node:assert/strict';
import { untilTick } from '../../platform/ticks.ts';

describe('ticks', () => {
  it('come to all who wait for them in one turn, and once each', async () => {
    const { signal } = new AbortController();
    const woken: number[] = [];
    const loop = async (offset: number) => {
      for (let round = 0; round < 3; round++) {
        await untilTick(50, signal);
        woken.push(Math.floor((performance.now() + 5) / 50) * 10 + offset);
      }
    };
    await Promise.all([loop(1), loop(2)]);
    const ticks = woken.map((mark) => Math.floor(mark / 10));
    assert.equal(new Set(woken).size, woken.length, 'no tick came twice to the same loop');
    assert.deepEqual(
      ticks,
      [...ticks].sort((a, b) => a - b),
      'the loops go on tick by tick',
    );
  });

  it('are not waited for when the signal is aborted', async () => {
    await untilTick(3_600_000, AbortSignal.abort());
  });
});
