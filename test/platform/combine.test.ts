import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { createCombiner, type CombinerOptions } from '../../platform/combine.ts';

describe('the combiner', () => {
  /** Answers each word with its length; flushes wait until they are let go. */
  function lengths(options: Partial<CombinerOptions> = {}) {
    const batches: string[][] = [];
    const waiting: (() => void)[] = [];
    const combine = createCombiner<string, number>(
      async (words) => {
        batches.push(words);
        await new Promise<void>((resolve) => waiting.push(resolve));
        if (words.includes('bad')) throw new Error('bad');
        return words.map(({ length }) => length);
      },
      { maxBatch: 3, ...options },
    );
    return { combine, batches, letGo: () => waiting.shift()?.() };
  }

  it('sends what arrived together at once, and what comes meanwhile together behind it', async () => {
    const { combine, batches, letGo } = lengths();
    const first = [combine('a'), combine('bb')];
    await Promise.resolve();
    assert.deepEqual(batches, [['a', 'bb']]);
    const second = ['c', 'dd', 'eee', 'ffff'].map((word) => combine(word));
    await turn();
    assert.equal(batches.length, 1, 'one at a time');
    letGo();
    assert.deepEqual(await Promise.all(first), [1, 2]);
    await turn();
    letGo();
    await turn();
    letGo();
    assert.deepEqual(await Promise.all(second), [1, 2, 3, 4]);
    assert.deepEqual(batches.slice(1), [['c', 'dd', 'eee'], ['ffff']]);
    await combine.idle();
  });

  it('waits for the rest of the turn where it is told to', async () => {
    const { combine, batches, letGo } = lengths({ schedule: setImmediate });
    const first = combine('a');
    await Promise.resolve();
    const second = combine('bb');
    assert.deepEqual(batches, []);
    await turn();
    letGo();
    assert.deepEqual(await Promise.all([first, second]), [1, 2]);
    assert.deepEqual(batches, [['a', 'bb']]);
  });

  it('lets an item that spoils its batch fail alone', async () => {
    const { combine, letGo } = lengths({ isPoison: () => true });
    const outcomes = Promise.allSettled([combine('a'), combine('bad'), combine('ccc')]);
    for (let flush = 0; flush < 4; flush++) {
      await turn();
      letGo();
    }
    assert.deepEqual(
      (await outcomes).map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    );
  });
});
