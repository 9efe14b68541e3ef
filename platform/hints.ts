import { EventEmitter } from 'node:events';
import type { JsonObject } from '../contracts/json.ts';
import type { HintCarrier } from './hints/carrier.ts';
import { carryOverPostgres } from './hints/postgres.ts';
import { carryOverRedis } from './hints/redis.ts';
import type { Logger } from './log.ts';
import type { QueueSettings } from './queues.ts';

export type HintListener = (payload: JsonObject) => void;

/**
 * Notifications that may be lost: they make things sooner, never right. Within the process they always arrive, to
 * others while Redis (or, where there is none, Postgres) is there.
 */
export interface Hints {
  /** Never throws, never waits: what is published in one go leaves together, right behind it. */
  publish(channel: string, payload: JsonObject): void;
  /** Returns what ends the subscription. */
  subscribe(channel: string, listener: HintListener): () => void;
  close(): Promise<void>;
}

interface Hint {
  readonly channel: string;
  readonly payload: JsonObject;
}

/** Opens the hints on the server that the queues are on; returns at once, connects and reconnects by itself. */
export function createHints(settings: QueueSettings, log: Logger): Hints {
  const listeners = new EventEmitter().setMaxListeners(0);
  const sender = `${String(process.pid)}.${crypto.randomUUID()}`;
  let batch: Hint[] = [];

  const deliver = (hints: readonly Hint[]): void => {
    for (const { channel, payload } of hints) notify(listeners, channel, payload, log);
  };
  const carrier = openCarrier(settings, log, (text) => {
    const message = parseMessage(text);
    if (message && message.sender !== sender) deliver(message.hints);
  });

  function flush(): void {
    const hints = batch;
    batch = [];
    deliver(hints);
    for (const part of inParts(hints, carrier.maxBytes)) carrier.send(JSON.stringify({ sender, hints: part }));
  }

  return {
    publish(channel, payload) {
      if (batch.push({ channel, payload }) === 1) queueMicrotask(flush);
    },
    subscribe(channel, listener) {
      listeners.on(channel, listener);
      return () => {
        listeners.off(channel, listener);
      };
    },
    async close() {
      listeners.removeAllListeners();
      await carrier.close();
    },
  };
}

function openCarrier(settings: QueueSettings, log: Logger, receive: (text: string) => void): HintCarrier {
  return settings.kind === 'redis' ? carryOverRedis(settings, log, receive) : carryOverPostgres(settings, log, receive);
}

function notify(listeners: EventEmitter, channel: string, payload: JsonObject, log: Logger): void {
  for (const listener of listeners.listeners(channel) as HintListener[]) {
    try {
      listener(payload);
    } catch (error) {
      log.error({ channel, err: error }, 'a listener of hints failed');
    }
  }
}

function parseMessage(text: string): { sender: string; hints: Hint[] } | undefined {
  try {
    return JSON.parse(text) as { sender: string; hints: Hint[] };
  } catch {
    return undefined;
  }
}

/** Cuts a batch so that each message fits what the server carries. A single hint that does not is left out. */
function inParts(hints: readonly Hint[], maxBytes: number): Hint[][] {
  const parts: Hint[][] = [];
  let size = Infinity;
  for (const hint of hints) {
    const bytes = Buffer.byteLength(JSON.stringify(hint)) + 1;
    if (bytes > maxBytes) continue;
    if (size + bytes > maxBytes) {
      parts.push([]);
      size = 0;
    }
    parts.at(-1)?.push(hint);
    size += bytes;
  }
  return parts;
}
