import { setTimeout as delay } from 'node:timers/promises';
import {
  AckPolicy,
  connect,
  DeliverPolicy,
  headers as emptyHeaders,
  nanos,
  type ConnectionOptions,
  type MsgHdrs,
  type NatsConnection,
} from 'nats';
import { AppError } from '../contracts/errors.ts';
import { answersWithin, within } from './deadline.ts';
import type { Logger } from './log.ts';

const CONNECT_TIMEOUT_MS = 2_000;
const RECONNECT_DELAY_MS = 500;
const DEFAULT_TIMEOUT_MS = 2_000;
/** A server that says nothing to two pings in a row counts as gone. */
const PING_INTERVAL_MS = 3_000;
const NAK_DELAY_MS = 1_000;

export interface NatsMessage {
  readonly subject: string;
  readonly data: Uint8Array;
  text(): string;
  /** One value of a header, whatever the case of its name. */
  header(name: string): string | undefined;
}

/** May be called again with a message that it failed on, when the subscription is durable. */
export type NatsHandler = (message: NatsMessage) => Promise<void> | void;

export interface StreamSettings {
  readonly name: string;
  readonly subjects: readonly string[];
  /** How long a message id is remembered. */
  readonly duplicateWindowMs: number;
  /** 0 keeps messages for ever. */
  readonly maxAgeMs?: number;
}

export interface DurableSettings {
  readonly stream: string;
  /** Name of the consumer on the server: those who share it share the messages. */
  readonly durable: string;
  readonly subject?: string;
}

export interface PublishOptions {
  readonly msgId: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  /** Refused unless this is the sequence of the last message on the subject. */
  readonly expectedLastSubjectSequence?: number;
}

/** NATS as the rooms see it: away or there. Connects with the first use, then for ever again. */
export interface Nats {
  /** @throws AppError UNAVAILABLE unless the stream has stored the message (or had it: `duplicate`) in time */
  publishJetStream(
    subject: string,
    data: string | Uint8Array,
    options: PublishOptions,
  ): Promise<{ sequence: number; duplicate: boolean }>;
  /**
   * Makes the stream, or brings its subjects and duplicate window up to date.
   * @returns true when there was none @throws AppError UNAVAILABLE
   */
  ensureStream(settings: StreamSettings, timeoutMs?: number): Promise<boolean>;
  /** Calls the handler for each message, now and after each reconnect; with `queue`, one of those who share it. */
  subscribe(subject: string, handler: NatsHandler, options?: { queue?: string }): () => void;
  /** Like `subscribe`, from a stream: acknowledged when the handler ends, delivered again when it throws. */
  subscribeDurable(settings: DurableSettings, handler: NatsHandler): () => void;
  /** @throws AppError UNAVAILABLE when the server does not answer in time */
  ping(timeoutMs: number): Promise<void>;
  close(deadlineMs?: number): Promise<void>;
}

/** @param url one address, or several separated by commas */
export function createNats(url: string, log: Logger): Nats {
  const closing = new AbortController();
  let connecting: Promise<NatsConnection> | undefined;

  function connection(): Promise<NatsConnection> {
    connecting ??= connectForEver(url, closing.signal, log);
    connecting.catch(() => undefined);
    return connecting;
  }

  /** @throws AppError UNAVAILABLE when the work is not done in time, or fails */
  async function ask<T>(timeoutMs: number, work: (nats: NatsConnection) => Promise<T>): Promise<T> {
    const outcome = await within(timeoutMs, connection().then(work)).catch((error: unknown) => {
      throw new AppError('UNAVAILABLE', `NATS refused: ${reasonOf(error)}`, { cause: error });
    });
    if (outcome.late) throw new AppError('UNAVAILABLE', `NATS did not answer within ${String(timeoutMs)} ms`);
    return outcome.value;
  }

  return {
    publishJetStream: (subject, data, { msgId, headers, timeoutMs = DEFAULT_TIMEOUT_MS, ...expected }) =>
      ask(timeoutMs, async (nats) => {
        const ack = await nats.jetstream({ timeout: timeoutMs }).publish(subject, data, {
          msgID: msgId,
          headers: toHeaders(headers ?? {}),
          timeout: timeoutMs,
          ...(expected.expectedLastSubjectSequence !== undefined && {
            expect: { lastSubjectSequence: expected.expectedLastSubjectSequence },
          }),
        });
        return { sequence: ack.seq, duplicate: ack.duplicate };
      }),

    ensureStream: (settings, timeoutMs = DEFAULT_TIMEOUT_MS) =>
      ask(timeoutMs, (nats) => ensureStream(nats, settings, timeoutMs)),

    subscribe(subject, handler, { queue } = {}) {
      const stopped = new AbortController();
      void connection().then(
        (nats) => {
          if (stopped.signal.aborted) return;
          const subscription = nats.subscribe(subject, {
            ...(queue && { queue }),
            callback: (error, message) => {
              if (!error) void handled(handler, message, log);
            },
          });
          stopped.signal.addEventListener('abort', () => {
            subscription.unsubscribe();
          });
        },
        () => undefined,
      );
      return () => {
        stopped.abort();
      };
    },

    subscribeDurable(settings, handler) {
      const stopped = new AbortController();
      const signal = AbortSignal.any([stopped.signal, closing.signal]);
      void consumeForEver(connection, settings, handler, signal, log);
      return () => {
        stopped.abort();
      };
    },

    ping: (timeoutMs) => answersWithin(timeoutMs, 'NATS', async () => (await connection()).flush()),

    async close(deadlineMs = DEFAULT_TIMEOUT_MS) {
      closing.abort();
      await within(deadlineMs, connecting?.then((nats) => nats.close()) ?? Promise.resolve()).catch(() => undefined);
    },
  };
}

/** The library reconnects for ever once it was connected; the first connection is repeated here, to be stoppable. */
async function connectForEver(url: string, signal: AbortSignal, log: Logger): Promise<NatsConnection> {
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted();
    try {
      const nats = await connect({
        ...serversOf(url),
        name: 'commandcenter',
        timeout: CONNECT_TIMEOUT_MS,
        maxReconnectAttempts: -1,
        reconnectTimeWait: RECONNECT_DELAY_MS,
        pingInterval: PING_INTERVAL_MS,
        maxPingOut: 2,
      });
      void reportStatus(nats, log);
      return nats;
    } catch (error) {
      if (attempt === 1) log.warn({ cause: reasonOf(error) }, 'NATS does not answer; events wait in the outbox');
      await delay(RECONNECT_DELAY_MS, undefined, { signal });
    }
  }
}

/** The library does not read credentials out of an address. */
function serversOf(url: string): Pick<ConnectionOptions, 'servers' | 'user' | 'pass' | 'token' | 'tls'> {
  const addresses = url.split(',').map((address) => new URL(address.trim()));
  const { username, password, protocol } = addresses[0] ?? new URL(url);
  const [user, pass] = [decodeURIComponent(username), decodeURIComponent(password)];
  return {
    servers: addresses.map(({ host }) => host),
    ...(pass !== '' ? { user, pass } : user !== '' && { token: user }),
    ...(protocol === 'tls:' && { tls: {} }),
  };
}

async function reportStatus(nats: NatsConnection, log: Logger): Promise<void> {
  for await (const { type } of nats.status()) {
    if (type === 'disconnect') log.warn('lost NATS; events wait in the outbox');
    if (type === 'reconnect') log.info('NATS is back');
  }
}

async function ensureStream(nats: NatsConnection, settings: StreamSettings, timeout: number): Promise<boolean> {
  const { streams } = await nats.jetstreamManager({ timeout });
  const wanted = {
    subjects: [...settings.subjects],
    duplicate_window: nanos(settings.duplicateWindowMs),
    max_age: nanos(settings.maxAgeMs ?? 0),
  };
  try {
    await streams.update(settings.name, wanted);
    return false;
  } catch (error) {
    if (!isMissing(error)) throw error;
    await streams.add({ name: settings.name, ...wanted });
    return true;
  }
}

/** A deleted stream, a lost server, a failed read: everything is tried again until the signal says stop. */
async function consumeForEver(
  connection: () => Promise<NatsConnection>,
  settings: DurableSettings,
  handler: NatsHandler,
  signal: AbortSignal,
  log: Logger,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await consume(await connection(), settings, handler, signal, log);
    } catch (error) {
      log.debug({ cause: reasonOf(error), stream: settings.stream }, 'a durable subscription starts again');
    }
    await delay(RECONNECT_DELAY_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function consume(
  nats: NatsConnection,
  { stream, durable, subject }: DurableSettings,
  handler: NatsHandler,
  signal: AbortSignal,
  log: Logger,
): Promise<void> {
  const manager = await nats.jetstreamManager({ timeout: DEFAULT_TIMEOUT_MS });
  await manager.consumers.add(stream, {
    durable_name: durable,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.New,
    ...(subject && { filter_subject: subject }),
  });
  const consumer = await nats.jetstream().consumers.get(stream, durable);
  const messages = await consumer.consume({ max_messages: 100, abort_on_missing_resource: true });
  const stop = (): void => {
    messages.stop();
  };
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    for await (const message of messages) {
      if (await handled(handler, message, log)) message.ack();
      else message.nak(NAK_DELAY_MS);
    }
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

interface RawMessage {
  readonly subject: string;
  readonly data: Uint8Array;
  readonly headers?: MsgHdrs | undefined;
}

async function handled(handler: NatsHandler, { subject, data, headers }: RawMessage, log: Logger): Promise<boolean> {
  try {
    await handler({
      subject,
      data,
      text: () => Buffer.from(data).toString('utf8'),
      header: (name) => headerOf(headers, name),
    });
    return true;
  } catch (error) {
    log.error({ subject, err: error }, 'a handler of NATS messages failed');
    return false;
  }
}

function headerOf(headers: MsgHdrs | undefined, name: string): string | undefined {
  const key = headers?.keys().find((known) => known.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : headers?.get(key);
}

function toHeaders(values: Readonly<Record<string, string>>): MsgHdrs {
  const headers = emptyHeaders();
  for (const [name, value] of Object.entries(values)) headers.set(name, value);
  return headers;
}

function isMissing(error: unknown): boolean {
  return /stream not found/i.test(reasonOf(error));
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
