import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { Fault, Stage } from './fault.ts';
import { insist } from './insist.ts';

/** Every two seconds, as promised. */
export const flush: Fault = {
  name: 'flush',
  every: [2, 2],
  strike: flushAll,
};

export const scriptFlush: Fault = {
  name: 'script-flush',
  every: [1, 3],
  strike: (stage) => tell(stage, (redis) => redis.script('FLUSH')),
};

export const clientKill: Fault = {
  name: 'client-kill',
  every: [1, 4],
  strike: (stage) => tell(stage, (redis) => redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')),
};

/** Out of memory with the policy that BullMQ warns of: keys vanish one by one. */
export const evict: Fault = {
  name: 'evict',
  every: [10, 15],
  strike: (stage) => withLittleMemory(stage, '2mb', 'allkeys-random'),
};

/** Out of memory with the right policy: every write is refused. */
export const redisFull: Fault = {
  name: 'redis-full',
  every: [10, 15],
  strike: (stage) => withLittleMemory(stage, '1', 'noeviction'),
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

export async function flushAll(stage: Pick<Stage, 'rig'>): Promise<void> {
  await tell(stage, (redis) => redis.flushall());
}

const SHORT_OF_MEMORY_MS = 4000;

async function withLittleMemory(stage: Stage, memory: string, policy: string): Promise<void> {
  const configure = (bytes: string, onFull: string) =>
    tell(stage, (redis) => redis.config('SET', 'maxmemory', bytes, 'maxmemory-policy', onFull));
  try {
    await configure(memory, policy);
    await delay(SHORT_OF_MEMORY_MS);
  } finally {
    await insist(() => configure('0', 'noeviction'));
  }
}

async function tell({ rig }: Pick<Stage, 'rig'>, command: (redis: Redis) => Promise<unknown>): Promise<void> {
  const redis = new Redis(rig.servers.redisUrl, { lazyConnect: true, commandTimeout: 1000, retryStrategy: () => null });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    await command(redis);
  } finally {
    redis.disconnect();
  }
}
