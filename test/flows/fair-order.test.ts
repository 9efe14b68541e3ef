import assert from 'node:assert/strict';
import { createFairOrder, JOBS_PER_TURN, queuePriority, type QueueHead } from '../../flows/fair-order.ts';

/** A queue as BullMQ keeps it: by priority, then by coming. */
function createQueue() {
  const waiting: { readonly workflow: string; readonly priority: number }[] = [];
  const order = createFairOrder(() => Promise.resolve(head()));
  const head = (): QueueHead => ({ waiting: waiting.length, priority: next()?.priority ?? null });
  const next = () => {
    let [first] = waiting;
    for (const job of waiting) if (first === undefined || job.priority < first.priority) first = job;
    return first;
  };
  return {
    async add(workflow: string, count: number, priority?: number) {
      for (const turn of await order.turns('agents', workflow, count, priority))
        waiting.push({ workflow, priority: queuePriority(turn, priority) ?? 0 });
    },
    take(count: number): string[] {
      return Array.from({ length: count }, () => {
        const taken = next();
        if (!taken) throw new Error('the queue is empty');
        waiting.splice(waiting.indexOf(taken), 1);
        return taken.workflow;
      });
    },
  };
}

const count = (list: readonly string[], name: string): number => list.filter((one) => one === name).length;

describe('the order of workflows in a queue', () => {
  it('lets a workflow that comes late in before the thousands that wait', async () => {
    const queue = createQueue();
    await queue.add('large', 10_000);
    queue.take(3_000);
    await queue.add('small', 1);
    assert.ok(queue.take(JOBS_PER_TURN + 1).includes('small'));
  });

  it('gives two that wait the same share from then on, whoever was first', async () => {
    const queue = createQueue();
    await queue.add('first', 4_000);
    queue.take(1_000);
    await queue.add('second', 4_000);
    queue.take(2 * JOBS_PER_TURN);
    const served = queue.take(40 * JOBS_PER_TURN);
    assert.ok(Math.abs(count(served, 'first') - count(served, 'second')) <= 2 * JOBS_PER_TURN);
  });

  it('does not let those who come later overtake for ever', async () => {
    const queue = createQueue();
    await queue.add('patient', 200);
    const served: string[] = [];
    for (let round = 0; round < 40; round += 1) {
      await queue.add(`busy-${String(round % 2)}`, JOBS_PER_TURN);
      served.push(...queue.take(JOBS_PER_TURN));
    }
    assert.ok(count(served, 'patient') >= 190, `${String(count(served, 'patient'))} of its 200 were served`);
  });

  it('lets jobs go in the order of their coming while nothing waits', async () => {
    const queue = createQueue();
    for (let round = 0; round < 100; round += 1) {
      await queue.add('one', 1);
      await queue.add('other', 1);
      assert.deepEqual(queue.take(2), ['one', 'other']);
    }
  });

  it('puts the own priority of a node before its turn', async () => {
    const queue = createQueue();
    await queue.add('late', 3, 2);
    await queue.add('soon', 40, 1);
    await queue.add('first', 20);
    assert.deepEqual(new Set(queue.take(20)), new Set(['first']));
    assert.deepEqual(new Set(queue.take(40)), new Set(['soon']));
    assert.deepEqual(new Set(queue.take(3)), new Set(['late']));
  });

  it('stays within the priorities that BullMQ has', () => {
    assert.equal(queuePriority(0), undefined);
    assert.ok((queuePriority(1_000_000, 1_000) ?? 0) < 2 ** 21);
  });
});
