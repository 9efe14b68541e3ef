import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from '../log.ts';
import type { QueueSettings } from '../queues/backend.ts';
import { ASK_EVERY_MS, type HintCarrier } from './carrier.ts';

const CHANNEL = 'commandcenter_hints';
const RECONNECT_DELAY_MS = 500;
const TIMEOUT_MS = 2_000;
/** A backlog of hints is worth nothing: beyond this they are dropped. */
const MAX_WAITING = 1_000;

/** LISTEN/NOTIFY over one connection of its own. */
export function carryOverPostgres(
  settings: QueueSettings & { kind: 'postgres' },
  log: Logger,
  receive: (text: string) => void,
): HintCarrier {
  const closed = new AbortController();
  let client: pg.Client | undefined;
  let waiting = 0;
  let sending = Promise.resolve();

  async function listen(): Promise<void> {
    const opening = open(settings.databaseUrl);
    let asking: NodeJS.Timeout | undefined;
    const lost = new Promise<void>((resolve) => {
      const tellLost = (): void => {
        resolve();
      };
      opening.on('error', tellLost).on('end', tellLost);
      closed.signal.addEventListener('abort', tellLost, { once: true });
      asking = setInterval(() => {
        if (client) client.query('SELECT 1').catch(tellLost);
      }, ASK_EVERY_MS).unref();
    });
    opening.on('notification', ({ payload }) => {
      receive(payload ?? '');
    });
    try {
      await opening.connect();
      await opening.query(`LISTEN ${CHANNEL}`);
      client = opening;
      await lost;
    } finally {
      clearInterval(asking);
      client = undefined;
      await opening.end().catch(() => undefined);
    }
  }

  async function keepListening(): Promise<void> {
    while (!closed.signal.aborted) {
      await listen().catch((error: unknown) => {
        log.debug({ cause: String(error) }, 'hints cannot reach Postgres');
      });
      await delay(RECONNECT_DELAY_MS, undefined, { signal: closed.signal }).catch(() => undefined);
    }
  }
  async function notify(text: string): Promise<void> {
    await client?.query('SELECT pg_notify($1, $2)', [CHANNEL, text]).catch(() => undefined);
    waiting -= 1;
  }

  const listening = keepListening();

  return {
    // NOTIFY carries less than 8,000 bytes, the envelope included.
    maxBytes: 7_800,
    send(text) {
      if (!client || waiting >= MAX_WAITING) return;
      waiting += 1;
      sending = sending.then(() => notify(text));
    },
    async close() {
      closed.abort();
      await listening;
    },
  };
}

function open(connectionString: string): pg.Client {
  return new pg.Client({
    connectionString,
    connectionTimeoutMillis: TIMEOUT_MS,
    query_timeout: TIMEOUT_MS,
    keepAlive: true,
  });
}
