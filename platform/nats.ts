import { headers as emptyHeaders, type MsgHdrs, type NatsConnection } from 'nats';
import { AppError } from '../contracts/errors.ts';
import { answersWithin, within } from './deadline.ts';
import type { Logger } from './log.ts';
import { connectForEver, reasonOf } from './nats/connection.ts';
import { consumeForEver, type DurableSettings } from './nats/durable.ts';
import { handled, type NatsHandler } from './nats/message.ts';
import {
  createOrderedPublisher,
  type OrderedMessage,
  type OrderedPublisher,
  type Stored,
} from './nats/ordered-publisher.ts';
import { ensureStream, findStream, type StreamSettings } from './nats/stream.ts';

export type { DurableSettings } from './nats/durable.ts';
export type { NatsHandler, NatsMessage } from './nats/message.ts';
export type { OrderedMessage, Stored } from './nats/ordered-publisher.ts';
export type { StreamSettings } from './nats/stream.ts';

const DEFAULT_TIMEOUT_MS = 2_000;

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
   * Publishes messages to one stream, each only behind the one before it, without waiting for each: many times faster than one
   * by one. @throws AppError UNAVAILABLE where there is no connection
   */
  publishInOrder(messages: readonly OrderedMessage[], timeoutMs: number): Promise<Stored>;
  /**
   * Makes the stream, or brings its subjects and duplicate window up to date.
   * @returns when the server made it, which tells a stream from its successor @throws AppError UNAVAILABLE
   */
  ensureStream(settings: StreamSettings, timeoutMs?: number): Promise<string>;
  /** The stream that keeps the messages of this subject, null where none does. @throws AppError UNAVAILABLE */
  findStream(subject: string, timeoutMs?: number): Promise<string | null>;
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
  let ordered: OrderedPublisher | undefined;

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

    async publishInOrder(messages, timeoutMs) {
      ordered ??= await ask(timeoutMs, (nats) => Promise.resolve(createOrderedPublisher(nats)));
      return ordered.publish(messages, timeoutMs);
    },

    ensureStream: (settings, timeoutMs = DEFAULT_TIMEOUT_MS) =>
      ask(timeoutMs, (nats) => ensureStream(nats, settings, timeoutMs)),

    findStream: (subject, timeoutMs = DEFAULT_TIMEOUT_MS) =>
      ask(timeoutMs, (nats) => findStream(nats, subject, timeoutMs)),

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

function toHeaders(values: Readonly<Record<string, string>>): MsgHdrs {
  const headers = emptyHeaders();
  for (const [name, value] of Object.entries(values)) headers.set(name, value);
  return headers;
}
