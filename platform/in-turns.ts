import { setImmediate as nextTurn } from 'node:timers/promises';

/** Some tenths of a millisecond of small work. */
const IN_ONE_TURN = 20;

/** Does small work for each of many, a few in one turn of the event loop, so that whatever else is due need not wait for all. */
export async function eachInTurns<T>(items: readonly T[], work: (item: T, index: number) => void): Promise<void> {
  for (const [index, item] of items.entries()) {
    if (index > 0 && index % IN_ONE_TURN === 0) await nextTurn();
    work(item, index);
  }
}
