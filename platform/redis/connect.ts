import { Cluster, Redis } from 'ioredis';
import { readRedisAddress, type ClusterAddress, type SentinelAddress } from './address.ts';
import { RedisPrimary } from './primary.ts';

export type RedisClient = Redis | Cluster;

/** What a connection needs, whichever form of server it leads to; times in milliseconds. */
export interface ConnectOptions {
  readonly connectTimeout: number;
  /** Until the next attempt to connect. */
  readonly retryStrategy: (attempt: number) => number;
  readonly commandTimeout?: number;
  /** A connection that is silent for so long while an answer is due counts as lost. */
  readonly socketTimeout?: number;
  readonly keepAlive?: number;
  readonly lazyConnect?: boolean;
  /** Keeps commands while there is no connection; default true. */
  readonly enableOfflineQueue?: boolean;
  /** null: for ever. */
  readonly maxRetriesPerRequest?: number | null;
  readonly autoResendUnfulfilledCommands?: boolean;
}

/** Slots are asked for again at once when a node is gone; the first answer may take this long, in milliseconds. */
const SLOTS_TIMEOUT_MS = 2_000;

/**
 * Connects to the server, the primary or the cluster of REDIS_URL (platform/redis/address.ts), now and whenever the
 * connection is lost.
 * @throws Error when the address is malformed
 */
export function connectRedis(url: string, options: ConnectOptions): RedisClient {
  const address = readRedisAddress(url);
  switch (address.kind) {
    case 'single':
      return new Redis(address.url, options);
    case 'sentinel':
      return connectPrimary(address, options);
    case 'cluster':
      return connectCluster(address, options);
  }
}

/** Asks the sentinels who the primary is, at each connect; moves when they say that another one has taken over. */
function connectPrimary(address: SentinelAddress, options: ConnectOptions): Redis {
  const { hosts, name, database, tls, username, password, sentinelUsername, sentinelPassword } = address;
  return new RedisPrimary({
    ...options,
    ...{ sentinels: [...hosts], name, db: database },
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(sentinelUsername !== undefined && { sentinelUsername }),
    ...(sentinelPassword !== undefined && { sentinelPassword }),
    ...(tls && { tls: {}, enableTLSForSentinelMode: true, sentinelTLS: {} }),
    sentinelRetryStrategy: options.retryStrategy,
    sentinelCommandTimeout: options.connectTimeout,
    // A primary that hangs, and one that was made a replica, keep their connections.
    failoverDetector: true,
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  });
}

function connectCluster({ hosts, tls, username, password }: ClusterAddress, options: ConnectOptions): Cluster {
  const { retryStrategy, enableOfflineQueue = true, lazyConnect = false, ...redisOptions } = options;
  return new Cluster([...hosts], {
    clusterRetryStrategy: retryStrategy,
    enableOfflineQueue,
    lazyConnect,
    slotsRefreshTimeout: SLOTS_TIMEOUT_MS,
    // Managed clusters have one certificate for all nodes' names: addresses would not fit it.
    ...(tls && { dnsLookup: (host, callback) => callback(null, host) }),
    redisOptions: {
      ...redisOptions,
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
      ...(tls && { tls: {} }),
    },
  });
}

/**
 * The prefix of BullMQ's keys. A flow spans queues and is added by one script, so in a cluster all their keys have to be
 * on one node: what stands in braces chooses it.
 */
export function keyPrefix(url: string, prefix: string): string {
  return readRedisAddress(url).kind === 'cluster' ? `{${prefix}}` : prefix;
}
