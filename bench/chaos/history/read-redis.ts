import { Redis } from 'ioredis';

const PREFIX = 'commandcenter';
/** What a queue keeps beside its jobs. */
const OF_QUEUE =
  /^commandcenter:[\w-]+:(meta|id|events|wait|paused|active|delayed|prioritized|pc|completed|failed|waiting-children|stalled|stalled-check|marker|limiter|repeat|metrics.*)$/;

/** Keys of jobs that are still in Redis; those of failed jobs that Bull Board shows are left out. */
export async function readJobKeys(redisUrl: string): Promise<string[]> {
  const redis = new Redis(redisUrl);
  try {
    const keys: string[] = [];
    for await (const batch of redis.scanStream({ match: `${PREFIX}:*`, count: 1000 }))
      keys.push(...(batch as string[]));
    const failed = await keptFailures(redis, keys);
    return keys
      .filter((key) => !OF_QUEUE.test(key) && !failed.some((job) => key === job || key.startsWith(`${job}:`)))
      .sort();
  } finally {
    redis.disconnect();
  }
}

async function keptFailures(redis: Redis, keys: readonly string[]): Promise<string[]> {
  const sets = keys.filter((key) => key.endsWith(':failed'));
  const lists = await Promise.all(
    sets.map(async (key) => (await redis.zrange(key, '0', '-1')).map((id) => key.replace(/failed$/, id))),
  );
  return lists.flat();
}
