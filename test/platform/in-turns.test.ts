import assert from 'node:assert/strict';
import { eachInTurns } from '../../platform/in-turns.ts';

describe('work in turns', () => {
  it('is done for each, in order, and lets others have the event loop in between', async () => {
    const items = Array.from({ length: 50 }, (_, index) => index);
    const done: number[] = [];
    const others: number[] = [];
    const timer = setInterval(() => others.push(done.length), 0);
    await eachInTurns(items, (item, index) => {
      assert.equal(item, index);
      const until = performance.now() + 0.2;
      while (performance.now() < until);
      done.push(item);
    });
    clearInterval(timer);
    assert.deepEqual(done, items);
    assert.ok(
      others.some((count) => count > 0 && count < items.length),
      `others ran at ${others.join()}`,
    );
  });

  it('ends at what fails', async () => {
    const done: number[] = [];
    const failing = eachInTurns([1, 2, 3], (item) => {
      if (item === 2) throw new Error('two');
      done.push(item);
    });
    await assert.rejects(failing, /two/);
    assert.deepEqual(done, [1]);
  });
});
