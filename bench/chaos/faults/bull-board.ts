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
      await queue.drain(true);
      break;
    case 'obliterate':
      await queue.obliterate({ force: true });
      break;
    case 'remove':
      await Promise.all(jobs.map((job) => job.remove()));
      break;
    case 'promote':
      await Promise.all(jobs.map((job) => job.promote()));
      break;
    case 'retry':
      await Promise.all(jobs.map((job) => job.retry()));
      break;
    default:
      await queue.pause();
      await queue.resume();
  }
}
