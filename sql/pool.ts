import { createPool, type CommonQueryMethods, type DatabasePool } from 'slonik';
import { Admission } from './admission.ts';
import { readConnectionUrl, type ConnectionSettings } from './connection-url.ts';
import { createPgDriver } from './driver.ts';
import { toAppError } from './errors.ts';
import { AppError } from '../contracts/errors.ts';
import { NO_TRACING, type Tracing } from '../platform/telemetry.ts';
import { createParseRows, type OnUnreadable } from './parse-rows.ts';

/** Anything that runs queries: the database or a transaction in it. What a function in `queries/` takes. */
export type Queryable = CommonQueryMethods;

/** Connections of a pool: all, those without work, and the callers that wait for one. */
export interface PoolStatistics {
  readonly total: number;
  readonly idle: number;
  readonly waiting: number;
}

/** A pool of connections. Its methods throw AppErrors where `toAppError` knows the failure. */
export interface Database extends Queryable {
  /** Runs `routine` on one connection of its own, without a transaction. */
  connect<T>(routine: (connection: Queryable) => Promise<T>): Promise<T>;
  statistics(): PoolStatistics;
  /** Waits for the queries under way, at most `deadlineMs`, and closes all connections. */
  stop(deadlineMs?: number): Promise<void>;
}

export interface DatabaseOptions {
  /** `postgres://…`, with `?connection_limit=` and `?pool_timeout=` (seconds) before the options below. */
  readonly url: string;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
  /** Gets a span for each statement that is part of a trace. */
  readonly tracing?: Tracing;
  /** Most connections; default 10. */
  readonly poolSize?: number;
  /** How long a caller waits for a connection; default 10,000 ms. */
  readonly poolTimeoutMs?: number;
  /** Default 10,000 ms; a server that hangs is given up 1 s later. */
  readonly statementTimeoutMs?: number;
  /** Default 2,500 ms. */
  readonly connectTimeoutMs?: number;
  /** Default 15,000 ms. */
  readonly idleInTransactionTimeoutMs?: number;
  /** Told of each malformed row that a list was mended for. */
  readonly onUnreadable?: OnUnreadable;
}

/**
 * Makes the pool. Connects with the first query, so it succeeds while Postgres is away. Nothing is retried here: a
 * deadlock or a lost connection reaches the caller, who knows whether repeating is safe.
 *
 * Session state survives a query's end (slonik's reset would cost a round trip each): use SET LOCAL and locks that
 * belong to a transaction only.
 *
 * @throws AppError INVALID_INPUT when the URL is malformed.
 */
export async function createDatabase(options: DatabaseOptions): Promise<Database> {
  const settings = readConnectionUrl(options.url);
  const poolSize = settings.connectionLimit ?? options.poolSize ?? 10;
  const pool = await createPool(settings.url, {
    driverFactory: driverFor(settings, options),
    maximumPoolSize: poolSize,
    idleTimeout: 60_000,
    connectionRetryLimit: 0,
    queryRetryLimit: 0,
    transactionRetryLimit: 0,
    captureStackTrace: false,
    gracefulTerminationTimeout: 1000,
    resetConnection: () => Promise.resolve(),
    interceptors: [createParseRows(options.onUnreadable ?? (() => undefined))],
  });
  // Without a listener Node would throw at the emitter; each query's own error says the same.
  pool.on('error', () => undefined);
  const admission = createAdmission(poolSize, settings.poolTimeoutMs ?? options.poolTimeoutMs ?? 10_000);
  return bindDatabase(pool, admission);
}

/**
 * A pool of two for heartbeats alone, so that a busy main pool never costs a healthy worker its leases. It gives up
 * within one beat (3 s): a late heartbeat is worth nothing, the next one is.
 */
export function createHeartbeatDatabase(options: Pick<DatabaseOptions, 'url' | 'applicationName'>): Promise<Database> {
  const url = new URL(options.url);
  for (const parameter of ['connection_limit', 'pool_timeout']) url.searchParams.delete(parameter);
  return createDatabase({
    url: url.toString(),
    applicationName: `${options.applicationName} heartbeat`,
    poolSize: 2,
    poolTimeoutMs: 2000,
    connectTimeoutMs: 2000,
    statementTimeoutMs: 2000,
    idleInTransactionTimeoutMs: 3000,
  });
}

function driverFor(settings: ConnectionSettings, options: DatabaseOptions) {
  return createPgDriver({
    url: settings.url,
    applicationName: options.applicationName,
    connectTimeoutMs: options.connectTimeoutMs ?? 2500,
    statementTimeoutMs: options.statementTimeoutMs ?? 10_000,
    idleInTransactionTimeoutMs: options.idleInTransactionTimeoutMs ?? 15_000,
    tracing: options.tracing ?? NO_TRACING,
    behindPooler: settings.behindPooler,
  });
}

function createAdmission(places: number, timeoutMs: number): Admission {
  return new Admission({
    places,
    timeoutMs,
    onTimeout: () =>
      new AppError(
        'DATABASE_UNAVAILABLE',
        `No database connection became free within ${String(timeoutMs / 1000)} s (${String(places)} in use): ` +
          'try again, or raise connection_limit in DATABASE_URL.',
      ),
  });
}

function bindDatabase(pool: DatabasePool, admission: Admission): Database {
  const run = <T>(work: () => Promise<T>): Promise<T> =>
    admission.run(work).catch((error: unknown) => {
      throw toAppError(error);
    });
  return {
    any: (query) => run(() => pool.any(query)),
    anyFirst: (query) => run(() => pool.anyFirst(query)),
    exists: (query) => run(() => pool.exists(query)),
    many: (query) => run(() => pool.many(query)),
    manyFirst: (query) => run(() => pool.manyFirst(query)),
    maybeOne: (query) => run(() => pool.maybeOne(query)),
    maybeOneFirst: (query) => run(() => pool.maybeOneFirst(query)),
    one: (query) => run(() => pool.one(query)),
    oneFirst: (query) => run(() => pool.oneFirst(query)),
    query: (query) => run(() => pool.query(query)),
    stream: (query, handler) => run(() => pool.stream(query, handler)),
    transaction: (handler) => run(() => pool.transaction(handler)),
    connect: (routine) => run(() => pool.connect(routine)),
    statistics: () => statistics(pool, admission),
    stop: (deadlineMs = 5000) => stopPool(pool, deadlineMs),
  };
}

function statistics(pool: DatabasePool, admission: Admission): PoolStatistics {
  const state = pool.state();
  return {
    total:
      state.acquiredConnections + state.idleConnections + state.pendingConnections + state.pendingReleaseConnections,
    idle: state.idleConnections,
    waiting: admission.waiting + state.waitingClients,
  };
}

async function stopPool(pool: DatabasePool, deadlineMs: number): Promise<void> {
  const ended = new AbortController();
  const deadline = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, deadlineMs);
    ended.signal.addEventListener('abort', () => clearTimeout(timer));
  });
  await Promise.race([pool.end(), deadline]).finally(() => {
    ended.abort();
  });
}
