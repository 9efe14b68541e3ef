import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { ServerProgram } from './server.ts';

const PROBE_TIMEOUT_MS = 1_000;

export interface RedisHome {
  readonly file: string;
  readonly folder: string;
  readonly password: string;
}

/** A Redis that keeps what it was told: append-only file, and an error rather than eviction when memory is full. */
export function redisProgram(home: RedisHome): ServerProgram {
  const configPath = join(home.folder, 'redis.conf');
  return {
    name: 'redis',
    stopSignal: 'SIGTERM',
    async prepare(port) {
      await mkdir(join(home.folder, 'data'), { recursive: true });
      await writeFile(configPath, configuration(home, port), { mode: 0o600 });
    },
    command: () => ({ file: home.file, args: [configPath], cwd: home.folder }),
    probe: (port) => probe(redisUrl(home, port)),
  };
}

export function redisUrl({ password }: Pick<RedisHome, 'password'>, port: number): string {
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
