import { FlowProducer, QueueEvents, Worker, type FlowJob } from 'bullmq';
import type { Shape } from '../shapes.ts';

const PREFIX = 'floor';
const QUEUE = 'steps';
const CONCURRENCY = 50;

/**
 * Steps per second of the shape as bare BullMQ flows, in this process, with nothing durable beside them: what no engine
 * that is built on BullMQ can pass while it adds a job for each step.
 * @returns undefined where the shape is not a tree, which is all that a flow can be
 */
export async function bareFlows(redisUrl: string, shape: Shape, runs: number): Promise<number | undefined> {
  if (!isTree(shape)) return undefined;
  const url = new URL(redisUrl);
  const connection = { host: url.hostname, port: Number(url.port) };
  const flows = new FlowProducer({ connection, prefix: PREFIX });
  flows.setMaxListeners(0); // every job that is waited for listens for its end
  const events = new QueueEvents(QUEUE, { connection, prefix: PREFIX });
  const options = {
    connection: { ...connection, maxRetriesPerRequest: null },
    prefix: PREFIX,
    concurrency: CONCURRENCY,
  };
  const worker = new Worker(
    QUEUE,
    async (job) => Object.values(await job.getChildrenValues<number>()).reduce((sum, value) => sum + value, 1),
    options,
  );
  try {
    await Promise.all([worker.waitUntilReady(), events.waitUntilReady()]);
    const started = performance.now();
    const roots = await flows.addBulk(Array.from({ length: runs }, () => flowOf(shape)));
    await Promise.all(roots.map(({ job }) => job.waitUntilFinished(events)));
    return (runs * shape.nodes.length * 1000) / (performance.now() - started);
  } finally {
    await worker.close();
    await Promise.all([events.close(), flows.close()]);
  }
}

/** One sink, no maps, and nobody's output goes to two nodes. */
function isTree({ nodes }: Shape): boolean {
  if (nodes.some(({ items }) => items !== undefined)) return false;
  const uses = nodes.flatMap(({ deps }) => deps);
  return new Set(uses).size === uses.length && uses.length === nodes.length - 1;
}

function flowOf({ nodes }: Shape): FlowJob {
  const used = new Set(nodes.flatMap(({ deps }) => deps));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const job = (id: string): FlowJob => ({
    name: id,
    queueName: QUEUE,
    opts: { removeOnComplete: true },
    children: (byId.get(id)?.deps ?? []).map(job),
  });
  const sink = nodes.find(({ id }) => !used.has(id));
  if (!sink) throw new Error('A shape has a last node');
  return job(sink.id);
}
