import { randomUUID } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openLink, type Link } from './link.ts';
import { copyBuild, startReplica, type Replica, type Role } from './replica.ts';
import { startServers, type Servers } from './servers.ts';

/** A whole service of one's own: servers, replicas of both roles, a journal that its agents write. */
export interface Rig {
  readonly folder: string;
  readonly journal: string;
  /** A secret that every agent gets and tells: it must be seen nowhere. */
  readonly canary: string;
  readonly servers: Servers;
  /** What the service reaches the servers through. */
  readonly links: Readonly<Record<'postgres' | 'redis' | 'nats', Link>>;
  /** Those that run now. */
  replicas(role: Role): Replica[];
  /** @param env beside the rig's own, such as FAIL_AT */
  add(role: Role, env?: NodeJS.ProcessEnv): Promise<Replica>;
  /** Ends everything that was started here. */
  close(): Promise<void>;
}

export interface RigSize {
  readonly apis: number;
  readonly workers: number;
  /** Agents at once, of each worker. */
  readonly concurrency: number;
}

const AGENTS = fileURLToPath(new URL('../agents', import.meta.url));

/** Builds it on free ports below a temporary folder. The service must have been built. */
export async function startRig({ apis, workers, concurrency }: RigSize): Promise<Rig> {
  const folder = await mkdtemp(join(tmpdir(), 'cc-chaos-'));
  await chmod(folder, 0o755); // Postgres runs under another account
  await mkdir(tempOf(folder));
  await copyBuild(folder);
  const servers = await startServers(folder);
  const links = await openLinks(servers);
  const canary = `canary-${randomUUID()}`;
  const started: Replica[] = [];
  const env = {
    PATH: process.env.PATH,
    DATABASE_URL: through(links.postgres, servers.databaseUrl),
    REDIS_URL: through(links.redis, servers.redisUrl),
    NATS_URL: through(links.nats, servers.natsUrl),
    TMPDIR: tempOf(folder),
    DATA_DIR: join(folder, 'data'),
    AGENTS_DIR: AGENTS,
    WORKER_CONCURRENCY: String(concurrency),
    AGENT_SECRET_CHAOS_CANARY: canary,
    SECRETS_POLICY: 'CHAOS_CANARY:journal',
    LOG_LEVEL: 'info',
    NODE_ENV: 'test',
  };
  const rig: Rig = {
    folder,
    journal: join(folder, 'journal.jsonl'),
    canary,
    servers,
    links,
    replicas: (role) => started.filter((replica) => replica.role === role && replica.isRunning),
    async add(role, more = {}) {
      const replica = await startReplica(role, folder, { ...env, ...more });
      started.push(replica);
      return replica;
    },
    async close() {
      for (const replica of started) if (replica.isRunning) replica.signal('SIGKILL');
      await Promise.all(started.map(({ ended }) => ended));
      await Promise.all(Object.values(links).map((link) => link.close()));
      await servers.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  try {
    // the first one migrates and compiles the agents; the others find that done
    if (apis > 0) await rig.add('api');
    await allOrError([...repeat('api', apis - 1), ...repeat('worker', workers)].map((role) => rig.add(role)));
    return rig;
  } catch (error) {
    await rig.close();
    throw error;
  }
}

async function openLinks({ postgres, redis, nats }: Servers): Promise<Rig['links']> {
  const [toPostgres, toRedis, toNats] = await Promise.all([postgres, redis, nats].map(({ port }) => openLink(port)));
  if (!toPostgres || !toRedis || !toNats) throw new Error('A link is missing');
  return { postgres: toPostgres, redis: toRedis, nats: toNats };
}

function through({ port }: Link, url: string): string {
  return url.replace(/:\d+(?=\/|$)/, `:${port}`);
}

/** Where agents get their working folders. */
export function tempOf(folder: string): string {
  return join(folder, 'tmp');
}

/** Waits for all, so that nothing is still starting when one has failed. */
async function allOrError(starting: readonly Promise<unknown>[]): Promise<void> {
  const outcomes = await Promise.allSettled(starting);
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
}

function repeat(role: Role, count: number): Role[] {
  return Array.from({ length: Math.max(0, count) }, () => role);
}
