import type { Logger } from '../log.ts';
import type { QueueSettings } from '../queues/backend.ts';
import { reportErrors } from '../queues/clients.ts';
import { connectRedis } from '../redis/connect.ts';
import { ASK_EVERY_MS, type HintCarrier } from './carrier.ts';

const RECONNECT_DELAY_MS = 500;
/** A connection on which an answer is overdue is made anew. */
const SILENCE_MS = 4_000;
const COMMON = { connectTimeout: 2_000, retryStrategy: () => RECONNECT_DELAY_MS, socketTimeout: SILENCE_MS };
const SUBSCRIBER = { ...COMMON, maxRetriesPerRequest: null };
/** What cannot be sent at once is dropped. */
const PUBLISHER = { ...COMMON, maxRetriesPerRequest: 0, enableOfflineQueue: false, commandTimeout: 2_000 };

/** Redis pub/sub on one channel below the queues' prefix; ioredis subscribes again after each reconnect. */
export function carryOverRedis(
  settings: QueueSettings & { kind: 'redis' },
  log: Logger,
  receive: (text: string) => void,
): HintCarrier {
  const channel = `${settings.prefix ?? 'bull'}:hints`;
  const publisher = reportErrors(connectRedis(settings.url, PUBLISHER), log);
  const subscriber = reportErrors(connectRedis(settings.url, SUBSCRIBER), log);
  subscriber.on('message', (_channel: string, text: string) => {
    receive(text);
  });
  subscriber.subscribe(channel).catch(() => undefined);
  const asking = setInterval(() => {
    if (subscriber.status === 'ready') subscriber.ping().catch(() => undefined);
  }, ASK_EVERY_MS).unref();

  return {
    maxBytes: 1_000_000,
    send(text) {
      publisher.publish(channel, text).catch(() => undefined);
    },
    close() {
      clearInterval(asking);
      publisher.disconnect();
      subscriber.disconnect();
      return Promise.resolve();
    },
  };
}
