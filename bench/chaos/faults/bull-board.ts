import { Queue } from 'bullmq';
import type { Fault } from './fault.ts';

const QUEUES = ['steps', 'agents', 'finalize', 'gates'];
const PREFIX = 'commandcenter';

/** Somebody presses the dashboard's buttons: what they do, through the same library. */
export const buttons: Fault = {
  name: 'buttons',
  every: [1, 3],
  async strike({ rig, random }) {
    const { hostname: host, port } = new URL(rig.servers.redisUrl);
    const connection = { host, port: Number(port), maxRetriesPerRequest: 1, retryStrategy: () => null };
    const queue = new Queue(random.pick(QUEUES), { connection, prefix: PREFIX, skipVersionCheck: true });
    queue.on('error', () => undefined);
    try {
      await press(queue, random.pick(['drain', 'drain', 'obliterate', 'remove', 'promote', 'retry', 'pause']));
    } catch {
      // a button may be refused: the queue is not paused, the job is held by a worker, Redis is away
    } finally {
      await queue.close().catch(() => undefined);
    }
  },
};

async function press(queue: Queue, button: string): Promise<void> {
  const jobs = await queue.getJobs(['delayed', 'wait', 'failed', 'waiting-children'], 0, 20);
  switch (button) {
    case 'drain':
      return queue.drain(true);
    case 'obliterate':
      return queue.obliterate({ force: true });
    case 'remove':
      return void (await Promise.all(jobs.map((job) => job.remove())));
    case 'promote':
      return void (await Promise.all(jobs.map((job) => job.promote())));
    case 'retry':
      return void (await Promise.all(jobs.map((job) => job.retry())));
    default:
      await queue.pause();
      return queue.resume();
  }
}
