import { setTimeout as delay } from 'node:timers/promises';
import { AckPolicy, DeliverPolicy, type NatsConnection } from 'nats';
import type { Logger } from '../log.ts';
import { reasonOf } from './connection.ts';
import { handled, type NatsHandler } from './message.ts';

const TIMEOUT_MS = 2_000;
const RESTART_DELAY_MS = 500;
const NAK_DELAY_MS = 1_000;

export interface DurableSettings {
  readonly stream: string;
  /** Name of the consumer on the server: those who share it share the messages. */
  readonly durable: string;
  readonly subject?: string;
}

/** A deleted stream, a lost server, a failed read: everything is tried again until the signal says stop. */
export async function consumeForEver(
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
    await delay(RESTART_DELAY_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function consume(
  nats: NatsConnection,
  { stream, durable, subject }: DurableSettings,
  handler: NatsHandler,
  signal: AbortSignal,
  log: Logger,
): Promise<void> {
  const manager = await nats.jetstreamManager({ timeout: TIMEOUT_MS });
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
