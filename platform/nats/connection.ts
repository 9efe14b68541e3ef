import { setTimeout as delay } from 'node:timers/promises';
import { connect, Events, type ConnectionOptions, type NatsConnection } from 'nats';
import type { Logger } from '../log.ts';

const CONNECT_TIMEOUT_MS = 2_000;
const RECONNECT_DELAY_MS = 500;
/** A server that says nothing to two pings in a row counts as gone. */
const PING_INTERVAL_MS = 3_000;

/** The library reconnects for ever once it was connected; the first connection is repeated here, to be stoppable. */
export async function connectForEver(url: string, signal: AbortSignal, log: Logger): Promise<NatsConnection> {
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
        // an error with a stack made ahead for each message would cost a third of publishing it
        noAsyncTraces: true,
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
    if (type === Events.Disconnect) log.warn('lost NATS; events wait in the outbox');
    if (type === Events.Reconnect) log.info('NATS is back');
  }
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
