import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, type ClientConfig } from 'pg';
import { BackendTerminatedError, createDriverFactory, InvalidInputError, type DriverFactory } from 'slonik';
import { NO_TRACING, type Tracing } from '../platform/telemetry.ts';
import { columnTypes } from './column-types.ts';

/** A distinct statement is prepared once per connection; past this many (built dynamically) they are sent as they are. */
const MOST_PREPARED_STATEMENTS = 500;
/** How long a goodbye may take before the socket is closed without one. */
const END_TIMEOUT_MS = 1000;

export interface DriverOptions {
  readonly url: string;
  readonly applicationName: string;
  readonly connectTimeoutMs: number;
  readonly statementTimeoutMs: number;
  readonly idleInTransactionTimeoutMs: number;
  readonly tracing: Tracing;
  /** A pooler changes connections between transactions: nothing may be prepared on them, or set for a session. */
  readonly behindPooler: boolean;
}

/**
 * slonik's driver on `pg`. slonik's own asks the server for its types before the first query (so a service could not
 * start without Postgres), prepares nothing, and waits without limit for a server that hangs; this one does not.
 */
export function createPgDriver(options: DriverOptions): DriverFactory {
  const config = clientConfig(options);
  const nameOf = options.behindPooler ? () => undefined : statementNames();
  return createDriverFactory(() =>
    Promise.resolve({
      createPoolClient({ clientEventEmitter }) {
        const client = new Client(config);
        let underWay = 0;
        // At this event slonik destroys the connection. It first waits for a query under way, and when that is rejected it
        // forgets the connection without giving its place in the pool back: ten lost queries, and the pool is dead for ever
        // (slonik 47.3). The query's own error ends the connection anyhow.
        client.on('error', (error) => {
          if (underWay === 0) clientEventEmitter.emit('error', wrapError(error));
        });
        client.on('notice', ({ message }) => {
          if (message !== undefined) clientEventEmitter.emit('notice', { message });
        });
        return Promise.resolve({
          connect: () => client.connect().then(() => undefined),
          end: () => endClient(client),
          query: async (text: string, values?: unknown[]) => {
            underWay++;
            try {
              const statement = { text, values, name: values && nameOf(text) };
              return await traced(options.tracing, text, () => runQuery(client, statement));
            } finally {
              underWay--;
            }
          },
          stream() {
            throw new InvalidInputError('Streams are not supported: read in pages, by key.');
          },
        });
      },
    }),
  );
}

function clientConfig(options: DriverOptions): ClientConfig {
  return {
    connectionString: options.url,
    application_name: options.applicationName,
    connectionTimeoutMillis: options.connectTimeoutMs,
    ...(!options.behindPooler && {
      statement_timeout: options.statementTimeoutMs,
      idle_in_transaction_session_timeout: options.idleInTransactionTimeoutMs,
    }),
    // The server's own limit comes first; this one is for a server that no longer answers at all.
    query_timeout: options.statementTimeoutMs + 1000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    types: columnTypes,
  };
}

/** A statement that several callers share (claims, settles) is shown in the trace of the first of them. */
function traced<T>(tracing: Tracing, text: string, query: () => Promise<T>): Promise<T> {
  if (tracing === NO_TRACING) return query();
  const name = /\b(?:SELECT (engine_\w+)|(?:SELECT|INSERT|UPDATE|DELETE|WITH|BEGIN|START|COMMIT|ROLLBACK)\b)/i.exec(
    text,
  );
  const attributes = { 'db.system.name': 'postgresql', 'db.query.text': text };
  return tracing.span(name?.[1] ?? name?.[0] ?? 'query', { kind: 'client', attributes, onlyInside: true }, query);
}

interface Statement {
  readonly text: string;
  readonly values: unknown[] | undefined;
  readonly name: string | undefined;
}

async function runQuery(client: Client, { text, values, name }: Statement) {
  try {
    const result = await client.query({ text, ...(values && { values }), ...(name && { name }) });
    return {
      command: result.command as 'SELECT',
      fields: result.fields.map((field) => ({ dataTypeId: field.dataTypeID, name: field.name })),
      rowCount: result.rowCount,
      rows: result.rows as Record<string, unknown>[],
    };
  } catch (error) {
    throw wrapError(error);
  }
}

/**
 * slonik sends a ROLLBACK and keeps a connection unless the error is its own BackendTerminatedError, so every loss of
 * the connection, and a server that stopped answering, becomes one. Other errors keep pg's fields (code, constraint).
 */
function wrapError(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  const lost = /connection terminated|query read timeout|not queryable|ECONNRESET|EPIPE/i.test(error.message);
  const closedByServer = 'code' in error && /^(57P0[1-3]|25P03)$/.test(String(error.code));
  return lost || closedByServer ? new BackendTerminatedError(error) : error;
}

async function endClient(client: Client): Promise<void> {
  const ended = client.end().catch(() => undefined);
  const timeout = new AbortController();
  await Promise.race([
    ended,
    delay(END_TIMEOUT_MS, undefined, { ref: false, signal: timeout.signal }).catch(() => undefined),
  ]);
  timeout.abort();
  const { stream } = client.connection;
  if (stream.destroyed) return;
  stream.destroy();
  await once(stream, 'close');
}

function statementNames(): (text: string) => string | undefined {
  const names = new Map<string, string>();
  return (text) => {
    const known = names.get(text);
    if (known !== undefined || names.size >= MOST_PREPARED_STATEMENTS) return known;
    const name = createHash('sha256').update(text).digest('base64url').slice(0, 24);
    names.set(text, name);
    return name;
  };
}
