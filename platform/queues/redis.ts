import { FlowProducer, Queue, Worker } from 'bullmq';
import { answersWithin, within } from '../deadline.ts';
import type { Logger } from '../log.ts';
import { connectRedis, keyPrefix, type ConnectOptions, type RedisClient } from '../redis/connect.ts';
import type { BackendOptions, QueueBackend, QueueSettings } from './backend.ts';
import { trackClients } from './clients.ts';

const CONNECT_TIMEOUT_MS = 2_000;
const COMMAND_TIMEOUT_MS = 3_000;
/** A connection on which an answer is overdue is made anew; a worker's blocking read is answered within 10 s. */
const PRODUCER_SILENCE_MS = 4_000;
const WORKER_SILENCE_MS = 12_000;
const CLOSE_DEADLINE_MS = 5_000;
const MAX_RECONNECT_DELAY_MS = 1_000;
/** Nothing reads state from the event streams; Bull Board shows the last lines. */
const EVENTS_KEPT = 1_000;

const COMMON = {
  connectTimeout: CONNECT_TIMEOUT_MS,
  keepAlive: 10_000,
  retryStrategy: (attempt: number) => Math.min(50 * 2 ** attempt, MAX_RECONNECT_DELAY_MS),
} as const;

/** Producers fail at once while Redis is away: what is not in the queue is added later from Postgres. */
const PRODUCER = {
  ...COMMON,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  commandTimeout: COMMAND_TIMEOUT_MS,
  socketTimeout: PRODUCER_SILENCE_MS,
} as const;

/** Workers wait for Redis for ever. */
const WORKER = {
  ...COMMON,
  maxRetriesPerRequest: null,
  lazyConnect: true,
  socketTimeout: WORKER_SILENCE_MS,
} as const;

/** BullMQ on Redis: one connection for all producers, one for all workers, and one for each worker's blocking read. */
export async function createRedisQueues(
  settings: QueueSettings & { kind: 'redis' },
  log: Logger,
  { telemetry }: BackendOptions = {},
): Promise<QueueBackend> {
  const producer = connectAndTell(settings.url, PRODUCER, log);
  const consumer = connectAndTell(settings.url, WORKER, log);
  const common = { prefix: keyPrefix(settings.url, settings.prefix ?? 'bull'), ...(telemetry && { telemetry }) };
  // Without the two skips BullMQ asks for the version first, and never again when that failed.
  const producing = { ...common, connection: producer, skipVersionCheck: true, skipWaitingForReady: true };
  const clients = trackClients(
    {
      queue: (name, extras) =>
        new Queue(name, { streams: { events: { maxLen: EVENTS_KEPT } }, ...extras, ...producing }),
      worker: (name, processor, extras) => new Worker(name, processor, { ...extras, ...common, connection: consumer }),
      flowProducer: () => new FlowProducer(producing),
    },
    log,
  );

  const ready = await within(CONNECT_TIMEOUT_MS, isReady(producer));
  if (ready.late) log.warn('Redis does not answer; jobs are queued when it does');

  return {
    ...clients,
    kind: 'redis',
    settings,
    ping: (timeoutMs) => answersWithin(timeoutMs, 'Redis', () => producer.ping()),
    async reconnectProducer(timeoutMs = CONNECT_TIMEOUT_MS) {
      const back = nextReady(producer);
      producer.disconnect(true);
      await answersWithin(timeoutMs, 'Redis', () => back);
    },
    async close(deadlineMs = CLOSE_DEADLINE_MS) {
      const closed = await within(deadlineMs, clients.closeAll());
      if (closed.late) clients.cutWorkers();
      producer.disconnect();
      consumer.disconnect();
    },
  };
}

/** A connection that tells once when it is lost and once when it is back. */
function connectAndTell(url: string, options: ConnectOptions, log: Logger): RedisClient {
  const client = connectRedis(url, options);
  let reachable = true;
  client.on('error', (error: Error) => {
    if (reachable) log.warn({ cause: error.message }, 'lost Redis');
    reachable = false;
  });
  client.on('ready', () => {
    if (!reachable) log.info('Redis is back');
    reachable = true;
  });
  return client;
}

async function isReady(client: RedisClient): Promise<void> {
  if (client.status !== 'ready') await nextReady(client);
}

function nextReady(client: RedisClient): Promise<void> {
  return new Promise((resolve) => {
    client.once('ready', () => {
      resolve();
    });
  });
}
