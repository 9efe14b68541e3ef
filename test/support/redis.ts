import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { testServices } from './services.ts';

/** Keys of one's own on the shared Redis. */
export interface TestPrefix {
  readonly redisUrl: string;
  /** For BullMQ's `prefix` and for keys; unique. */
  readonly prefix: string;
  /** The keys that exist under the prefix: what a test left behind. */
  keys(): Promise<string[]>;
  /** Deletes them and disconnects. */
  cleanup(): Promise<void>;
}

/** Makes a unique prefix; connects with the first call of `keys` or `cleanup`. */
export function testPrefix(name = 'test'): TestPrefix {
  const { redisUrl } = testServices();
  const prefix = `cctest-${name}-${randomBytes(4).toString('hex')}`;
  const redis = new Redis(redisUrl, { lazyConnect: true, maxRetriesPerRequest: 1 });
  const keys = async (): Promise<string[]> => {
    const found: string[] = [];
    for await (const batch of redis.scanStream({ match: `${prefix}*`, count: 1000 }))
      found.push(...(batch as string[]));
    return found.sort();
  };
  return {
    redisUrl,
    prefix,
    keys,
    cleanup: async () => {
      const left = await keys();
      if (left.length > 0) await redis.unlink(...left);
      await redis.quit();
    },
  };
}
