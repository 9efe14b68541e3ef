import { Redis } from 'ioredis';
import { withClient } from '../chaos/history/read-postgres.ts';
import type { BenchService } from './service.ts';

/** What the servers have done so far. */
export interface Counters {
  readonly transactions: number;
  readonly walBytes: number;
  readonly redisCommands: number;
}

export async function readCounters({ databaseUrl, redisUrl }: BenchService): Promise<Counters> {
  const [postgres, redisCommands] = await Promise.all([readPostgres(databaseUrl), readRedis(redisUrl)]);
  return { ...postgres, redisCommands };
}

async function readPostgres(databaseUrl: string): Promise<Omit<Counters, 'redisCommands'>> {
  return withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ transactions: string; wal: string }>(`
      SELECT (SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()) AS transactions,
        pg_current_wal_lsn() - '0/0' AS wal`);
    return { transactions: Number(rows[0]?.transactions), walBytes: Number(rows[0]?.wal) };
  });
}

async function readRedis(redisUrl: string): Promise<number> {
  const redis = new Redis(redisUrl);
  try {
    return Number(/total_commands_processed:(\d+)/.exec(await redis.info('stats'))?.[1]);
  } finally {
    redis.disconnect();
  }
}
