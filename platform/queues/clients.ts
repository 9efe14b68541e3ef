import type { FlowProducer, Processor, Queue, Worker } from 'bullmq';
import type { Logger } from '../log.ts';
import type { QueueExtras, WorkerExtras } from './backend.ts';

/** How one server's queues, workers and flow producers are made. */
export interface ClientMaker {
  queue(name: string, extras: QueueExtras): Queue;
  worker<Data, Result>(name: string, processor: Processor<Data, Result>, extras: WorkerExtras): Worker<Data, Result>;
  flowProducer(): FlowProducer;
}

export interface Clients {
  queue(name: string, extras?: QueueExtras): Queue;
  worker<Data, Result>(name: string, processor: Processor<Data, Result>, extras?: WorkerExtras): Worker<Data, Result>;
  flowProducer(): FlowProducer;
  /** Lets workers finish what they have, then closes everything that was made. */
  closeAll(): Promise<void>;
  /** Cuts the workers' connections: their jobs go back when their locks end. */
  cutWorkers(): void;
}

/** Keeps one queue per name and remembers everything that was made, so that it can be closed. */
export function trackClients(make: ClientMaker, log: Logger): Clients {
  const queues = new Map<string, Queue>();
  const workers = new Set<Pick<Worker, 'close' | 'disconnect'>>();
  let flows: FlowProducer | undefined;

  function openQueue(name: string, extras: QueueExtras): Queue {
    const queue = reportErrors(make.queue(name, extras), log);
    queues.set(name, queue);
    // BullMQ remembers a failed first contact for ever: the next caller gets a new object.
    queue.waitUntilReady().catch(() => queues.delete(name));
    return queue;
  }

  return {
    queue: (name, extras = {}) => queues.get(name) ?? openQueue(name, extras),
    worker(name, processor, extras = {}) {
      const worker = reportErrors(make.worker(name, processor, extras), log);
      workers.add(worker);
      worker.on('closed', () => workers.delete(worker));
      return worker;
    },
    flowProducer() {
      flows ??= reportErrors(make.flowProducer(), log);
      return flows;
    },
    async closeAll() {
      await Promise.allSettled([...workers].map((worker) => worker.close()));
      await Promise.allSettled([...queues.values(), ...(flows ? [flows] : [])].map((client) => client.close()));
    },
    cutWorkers() {
      for (const worker of workers) void worker.disconnect().catch(() => undefined);
    },
  };
}

/** Without a listener an error would end the process; each command repeats what the connection has said already. */
export function reportErrors<T extends { on(event: 'error', listener: (error: Error) => void): unknown }>(
  client: T,
  log: Logger,
): T {
  client.on('error', (error) => {
    log.debug({ cause: error.message }, 'a queue connection reports an error');
  });
  return client;
}
