import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyBuild, startReplica, type Replica } from '../chaos/rig/replica.ts';
import { startServers } from '../chaos/rig/servers.ts';

/** The built service as one runs it, API and workers in processes of their own, on private servers. */
export interface BenchService {
  readonly url: string;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** From the start of a worker's process to its answer that it is well, in milliseconds. */
  readonly startMs: number;
  /** The first process of each part. */
  readonly pids: ReadonlyMap<Part, readonly number[]>;
  stop(): Promise<void>;
}

export const PARTS = ['api', 'worker', 'postgres', 'redis', 'nats'] as const;
export type Part = (typeof PARTS)[number];

/** Nodes at once, of each worker. */
const CONCURRENCY = 50;

/** @param env settings beside those of the servers */
export async function startService({
  workers,
  env: more = {},
}: {
  readonly workers: number;
  readonly env?: NodeJS.ProcessEnv;
}): Promise<BenchService> {
  const folder = await mkdtemp(join(tmpdir(), 'cc-bench-'));
  await chmod(folder, 0o755); // Postgres runs under another account
  await copyBuild(folder);
  const servers = await startServers(folder, { isRedisKept: true });
  const env = {
    PATH: process.env.PATH,
    DATABASE_URL: servers.databaseUrl,
    REDIS_URL: servers.redisUrl,
    NATS_URL: servers.natsUrl,
    DATA_DIR: join(folder, 'data'),
    WORKER_CONCURRENCY: String(CONCURRENCY),
    LOG_LEVEL: 'warn',
    ...more,
  };
  const started: Replica[] = [];
  const stop = async (): Promise<void> => {
    for (const replica of started) replica.signal('SIGTERM');
    await Promise.all(started.map(({ ended }) => ended));
    await servers.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const api = await startReplica('api', folder, env);
    started.push(api);
    const startedAt = performance.now();
    started.push(await startReplica('worker', folder, env));
    const startMs = performance.now() - startedAt;
    for (let count = 1; count < workers; count++) started.push(await startReplica('worker', folder, env));
    const pidsOf = (role: Replica['role']) => started.filter((one) => one.role === role).map(({ pid }) => pid);
    return {
      url: api.url,
      startMs,
      databaseUrl: servers.databaseUrl,
      redisUrl: servers.redisUrl,
      pids: new Map<Part, readonly number[]>([
        ['api', pidsOf('api')],
        ['worker', pidsOf('worker')],
        ['postgres', [servers.postgres.pid ?? 0]],
        ['redis', [servers.redis.pid ?? 0]],
        ['nats', [servers.nats.pid ?? 0]],
      ]),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
