import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { Fault, Stage } from './fault.ts';

export const flush: Fault = {
  name: 'flush',
  every: [2, 2],
  strike: (stage) => tell(stage, (redis) => redis.flushall()),
};

export const scriptFlush: Fault = {
  name: 'script-flush',
  every: [1, 3],
  strike: (stage) => tell(stage, (redis) => redis.script('FLUSH')),
};

export const clientKill: Fault = {
  name: 'client-kill',
  every: [1, 4],
  strike: (stage) => tell(stage, (redis) => redis.call('CLIENT', 'KILL', 'TYPE', 'normal')),
};

/** Out of memory with the policy that BullMQ warns of: keys vanish one by one. */
export const evict: Fault = {
  name: 'evict',
  every: [10, 15],
  async strike(stage) {
    await tell(stage, (redis) => redis.config('SET', 'maxmemory', '2mb', 'maxmemory-policy', 'allkeys-random'));
    await delay(4000);
    await tell(stage, (redis) => redis.config('SET', 'maxmemory', '0', 'maxmemory-policy', 'noeviction'));
  },
};

/** Out of memory with the right policy: every write is refused. */
export const redisFull: Fault = {
  name: 'redis-full',
  every: [10, 15],
  async strike(stage) {
    await tell(stage, (redis) => redis.config('SET', 'maxmemory', '1'));
    await delay(4000);
    await tell(stage, (redis) => redis.config('SET', 'maxmemory', '0'));
  },
};

/** Its data is lost with it. */
export const redisKill: Fault = {
  name: 'redis-kill',
  every: [6, 12],
  async strike({ rig, random }) {
    await rig.servers.redis.crash();
    await delay(random.between(0, 5000));
    await rig.servers.redis.start();
  },
};

export const redisPause: Fault = {
  name: 'redis-pause',
  every: [6, 12],
  async strike({ rig, random }) {
    rig.servers.redis.pause();
    await delay(random.between(500, 8000));
    rig.servers.redis.resume();
  },
};

/** A Redis that is away cannot be hurt in this way. */
async function tell({ rig }: Stage, command: (redis: Redis) => Promise<unknown>): Promise<void> {
  const redis = new Redis(rig.servers.redisUrl, { lazyConnect: true, commandTimeout: 1000, retryStrategy: () => null });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    await command(redis);
  } catch {
    // it was away, or ended our own connection as it was told
  } finally {
    redis.disconnect();
  }
}
