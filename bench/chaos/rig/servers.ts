import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { connect } from 'nats';
import { accountInsteadOfRoot } from '../../../platform/services/account.ts';
import { findBinary, findPostgres, programFolders } from '../../../platform/services/binaries.ts';
import { freePort } from '../../../platform/services/free-port.ts';
import { postgresProgram, postgresUrl } from '../../../platform/services/postgres.ts';
import type { ServerProgram } from '../../../platform/services/server.ts';
import { createVictim, type VictimServer } from './server.ts';

/** Private servers on free ports. */
export interface Servers {
  readonly postgres: VictimServer;
  readonly redis: VictimServer;
  readonly nats: VictimServer;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly natsUrl: string;
  stop(): Promise<void>;
}

const PASSWORD = 'chaos';
const PROBE_MS = 1000;

/** The names of programs that are missing on this machine; empty where the rig can be built. */
export async function missingServers(): Promise<string[]> {
  const folders = await programFolders(process.env.PATH ?? '');
  const [postgres, redis, nats] = await Promise.all([
    findPostgres({ folders, npm: true }),
    findBinary(['redis-server', 'valkey-server'], folders),
    findBinary(['nats-server'], folders),
  ]);
  return [
    ...(postgres.length > 0 ? [] : ['postgres']),
    ...(redis ? [] : ['redis-server']),
    ...(nats ? [] : ['nats-server']),
  ];
}

export interface ServerOptions {
  /** Whether Redis writes its log to disk each second, as it does in service. By default a crash loses all of it. */
  readonly isRedisKept?: boolean;
}

/** @param folder reachable by the account that Postgres runs as */
export async function startServers(folder: string, { isRedisKept = false }: ServerOptions = {}): Promise<Servers> {
  const [postgres, redis, nats] = await Promise.all([
    victimPostgres(folder),
    victimRedis(folder, isRedisKept),
    victimNats(folder),
  ]);
  const victims = [postgres, redis, nats];
  await Promise.all(victims.map((victim) => victim.start()));
  return {
    postgres,
    redis,
    nats,
    databaseUrl: postgresUrl({ password: PASSWORD }, postgres.port),
    redisUrl: `redis://127.0.0.1:${redis.port}`,
    natsUrl: `nats://127.0.0.1:${nats.port}`,
    async stop() {
      await Promise.allSettled(victims.map((victim) => victim.stop()));
    },
  };
}

async function victimPostgres(root: string): Promise<VictimServer> {
  const folder = join(root, 'postgres');
  await mkdir(folder, { recursive: true });
  const [found] = await findPostgres({ folders: await programFolders(process.env.PATH ?? ''), npm: true });
  if (!found) throw new Error('There is no Postgres on this machine');
  const home = { binFolder: found.folder, folder, password: PASSWORD, runAs: await accountInsteadOfRoot() };
  // SIGQUIT is its crash: every process ends at once, nothing is flushed, the next start recovers from the log
  return createVictim(postgresProgram(home), {
    port: await freePort(),
    logPath: join(root, 'postgres.log'),
    crashSignal: 'SIGQUIT',
  });
}

async function victimRedis(root: string, isKept: boolean): Promise<VictimServer> {
  const file = await programPath('redis-server', 'valkey-server');
  const program: ServerProgram = {
    name: 'redis',
    stopSignal: 'SIGTERM',
    prepare: () => Promise.resolve(),
    command: (port) => ({
      file,
      args: ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', isKept ? 'yes' : 'no'],
      cwd: root,
    }),
    probe: pingRedis,
  };
  return createVictim(program, {
    port: await freePort(),
    logPath: join(root, 'redis.log'),
    crashSignal: 'SIGKILL',
  });
}

async function victimNats(root: string): Promise<VictimServer> {
  const file = await programPath('nats-server');
  const program: ServerProgram = {
    name: 'nats',
    stopSignal: 'SIGTERM',
    prepare: () => Promise.resolve(),
    command: (port) => ({
      file,
      args: ['-a', '127.0.0.1', '-p', String(port), '-js', '-sd', join(root, 'nats')],
      cwd: root,
    }),
    probe: async (port) => (await connect({ servers: `127.0.0.1:${port}`, timeout: PROBE_MS })).close(),
  };
  return createVictim(program, { port: await freePort(), logPath: join(root, 'nats.log'), crashSignal: 'SIGKILL' });
}

async function programPath(...names: string[]): Promise<string> {
  const found = await findBinary(names, await programFolders(process.env.PATH ?? ''));
  if (!found) throw new Error(`There is no ${names.join(' or ')} on this machine`);
  return found.path;
}

async function pingRedis(port: number): Promise<void> {
  const redis = new Redis(port, '127.0.0.1', {
    lazyConnect: true,
    connectTimeout: PROBE_MS,
    commandTimeout: PROBE_MS,
    retryStrategy: () => null,
  });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    await redis.ping();
  } finally {
    redis.disconnect();
  }
}
