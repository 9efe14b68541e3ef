import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { findBinary } from './binaries.ts';
import { runLocally, type LocalContext, type ResolvedService } from './local-service.ts';
import type { ServerProgram } from './server.ts';

const PROBE_TIMEOUT_MS = 1_000;

interface RedisHome {
  readonly file: string;
  readonly folder: string;
  readonly password: string;
}

/** Brings up a Redis, or a Valkey, of this machine; undefined when there is none: npm ships no such thing. */
export async function localRedis(context: LocalContext): Promise<ResolvedService | undefined> {
  const binary = await findBinary(['redis-server', 'valkey-server'], context.sources.folders);
  if (!binary) return undefined;
  const home = { file: binary.path, folder: join(context.root, 'redis'), password: context.password };
  return runLocally(context, redisProgram(home), {
    url: (port) => urlOf(home, port),
    version: binary.version,
    from: binary.path,
  });
}

/** A Redis that keeps what it was told: append-only file, and an error rather than eviction when memory is full. */
function redisProgram(home: RedisHome): ServerProgram {
  const configPath = join(home.folder, 'redis.conf');
  return {
    name: 'redis',
    stopSignal: 'SIGTERM',
    async prepare(port) {
      await mkdir(join(home.folder, 'data'), { recursive: true, mode: 0o700 });
      await writeFile(configPath, configuration(home, port), { mode: 0o600 });
    },
    command: () => ({ file: home.file, args: [configPath], cwd: home.folder }),
    probe: (port) => probe(urlOf(home, port)),
  };
}

function urlOf({ password }: Pick<RedisHome, 'password'>, port: number): string {
  return `redis://:${password}@127.0.0.1:${String(port)}`;
}

function configuration({ folder, password }: RedisHome, port: number): string {
  return [
    'bind 127.0.0.1',
    `port ${String(port)}`,
    `requirepass ${password}`,
    `dir ${JSON.stringify(join(folder, 'data'))}`,
    'daemonize no',
    'appendonly yes',
    'appendfsync everysec',
    'save ""',
    'maxmemory-policy noeviction',
    '',
  ].join('\n');
}

async function probe(url: string): Promise<void> {
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: PROBE_TIMEOUT_MS,
    commandTimeout: PROBE_TIMEOUT_MS,
    retryStrategy: () => null,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.ping();
  } finally {
    client.disconnect();
  }
}
