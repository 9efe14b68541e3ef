import {
  createPostgresBackend,
  runMigrations,
  withBackend,
  type BackendFactory,
  type ConnectionOptions,
  type RedisQueueBackend,
} from 'bullmq';
import pg from 'pg';
import { AppError } from '../../contracts/errors.ts';
import { answersWithin, within } from '../deadline.ts';
import type { Logger } from '../log.ts';
import type { BackendOptions, QueueBackend, QueueSettings } from './backend.ts';
import { reportErrors, trackClients } from './clients.ts';

const SCHEMA = 'bullmq';
const PRODUCER_CONNECTIONS = 4;
/** Beside these each worker has one connection that listens. */
const WORKER_CONNECTIONS = 2;
const CONNECT_TIMEOUT_MS = 2_000;
const QUERY_TIMEOUT_MS = 5_000;
/** A worker that got an error instead of a job asks again; both of its connections may have been lost. */
const ASK_AGAIN_MS = 1_000;
const CLOSE_DEADLINE_MS = 5_000;

/** BullMQ types its classes by their backend; what callers use of them is the same on both, so they see one type. */
const { Queue, Worker, FlowProducer } = withBackend(
  createPostgresBackend as unknown as BackendFactory<RedisQueueBackend>,
);

/**
 * BullMQ on the Postgres that holds everything else: what makes the service run with nothing but npm.
 * @throws AppError DATABASE_UNAVAILABLE when it cannot bring BullMQ's tables up to date
 */
export async function createPostgresQueues(
  settings: QueueSettings & { kind: 'postgres' },
  log: Logger,
  { telemetry }: BackendOptions = {},
): Promise<QueueBackend> {
  const pool = createPool(settings.databaseUrl, log);
  await migrate(pool);
  const producing = { connection: pool as unknown as ConnectionOptions, ...(telemetry && { telemetry }) };
  const consuming = {
    connection: { ...clientOptions(settings.databaseUrl), max: WORKER_CONNECTIONS, schema: SCHEMA },
    ...(telemetry && { telemetry }),
  };
  const clients = trackClients(
    {
      queue: (name, extras) => new Queue(name, { ...extras, ...producing }),
      worker: (name, processor, extras) =>
        new Worker(name, processor, { ...extras, ...consuming, runRetryDelay: ASK_AGAIN_MS }),
      flowProducer: () => new FlowProducer(producing),
    },
    log,
  );
  const ping = (timeoutMs: number) => answersWithin(timeoutMs, 'Postgres (queues)', () => pool.query('SELECT 1'));

  return {
    ...clients,
    kind: 'postgres',
    settings,
    ping,
    // The pool replaces lost connections by itself, and there are no scripts to lose.
    reconnectProducer: (timeoutMs = CONNECT_TIMEOUT_MS) => ping(timeoutMs),
    async close(deadlineMs = CLOSE_DEADLINE_MS) {
      const closed = await within(deadlineMs, clients.closeAll());
      if (closed.late) clients.cutWorkers();
      await within(deadlineMs, pool.end());
    },
  };
}

function createPool(databaseUrl: string, log: Logger): pg.Pool {
  const pool = new pg.Pool({
    ...clientOptions(databaseUrl),
    max: PRODUCER_CONNECTIONS,
    options: `-c search_path=${SCHEMA}`,
  });
  // Each queue and flow producer on the pool adds a listener of its own.
  pool.setMaxListeners(0);
  return reportErrors(pool, log);
}

function clientOptions(databaseUrl: string) {
  return {
    connectionString: databaseUrl,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    keepAlive: true,
  };
}

async function migrate(pool: pg.Pool): Promise<void> {
  try {
    const client = await pool.connect();
    try {
      await runMigrations(client, SCHEMA);
    } finally {
      client.release();
    }
  } catch (error) {
    await pool.end();
    const message = 'The tables of the queues could not be brought up to date';
    throw new AppError('DATABASE_UNAVAILABLE', message, { cause: error });
  }
}
