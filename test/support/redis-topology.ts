import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from '../../platform/services/free-port.ts';
import { needsProgram } from './program.ts';
import { waitFor } from './wait-for.ts';

const SLOTS = 16_384;
const PRIMARY = 'main';

/** One server of a topology. */
export interface RedisNode {
  readonly port: number;
  readonly process: ChildProcess;
  readonly client: Redis;
}

export interface RedisCluster {
  /** For REDIS_URL; names one node alone: the others are found through it. */
  readonly url: string;
  readonly nodes: readonly RedisNode[];
  stop(): Promise<void>;
}

export interface RedisSentinels {
  readonly url: string;
  /** The server that the sentinel takes for the primary. */
  primary(): Promise<RedisNode>;
  /** Waits until the sentinel has made another one the primary. */
  movedFrom(old: RedisNode): Promise<void>;
  stop(): Promise<void>;
}

/** Three nodes that share the slots. Skips the suite where redis-server is not installed. */
export async function startRedisCluster(context: Mocha.Context): Promise<RedisCluster> {
  const servers = await openServers(context);
  const nodes = await Promise.all([1, 2, 3].map(() => servers.startClusterNode()));
  const [first] = nodes as [RedisNode & { busPort: number }];
  const share = Math.ceil(SLOTS / nodes.length);
  for (const [index, { client }] of nodes.entries()) {
    await client.call('CLUSTER', 'ADDSLOTSRANGE', index * share, Math.min((index + 1) * share, SLOTS) - 1);
    await client.call('CLUSTER', 'MEET', '127.0.0.1', first.port, first.busPort);
  }
  await Promise.all(
    nodes.map(({ client }) =>
      waitFor(
        async () => /cluster_state:ok[^]*cluster_known_nodes:3/.test(String(await client.call('CLUSTER', 'INFO'))),
        {
          describe: 'a cluster of three',
        },
      ),
    ),
  );
  return { url: `redis+cluster://127.0.0.1:${String(first.port)}`, nodes, stop: () => servers.stop() };
}

/** A primary with two replicas, watched by one sentinel that takes half a second of silence for a death. */
export async function startRedisSentinels(context: Mocha.Context): Promise<RedisSentinels> {
  const servers = await openServers(context);
  const first = await servers.start();
  const replicas = await Promise.all([1, 2].map(() => servers.start('--replicaof', '127.0.0.1', String(first.port))));
  const nodes = [first, ...replicas];
  const sentinel = await servers.startSentinel(first.port);
  const { client } = sentinel;
  await waitFor(async () => (await replicasKnownTo(client)) === replicas.length, { describe: 'the replicas' });

  async function primary(): Promise<RedisNode> {
    const [, port] = (await client.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', PRIMARY)) as [string, string];
    const node = nodes.find((one) => one.port === Number(port));
    if (!node) throw new Error(`the sentinel names port ${port}`);
    return node;
  }

  return {
    url: `redis+sentinel://127.0.0.1:${String(sentinel.port)}/${PRIMARY}`,
    primary,
    async movedFrom(old) {
      await waitFor(async () => (await primary()) !== old, { timeoutMs: 30_000, describe: 'another primary' });
    },
    stop: () => servers.stop(),
  };
}

/** Replicas that follow the primary without a gap. */
async function replicasKnownTo(sentinel: Redis): Promise<number> {
  const replicas = (await sentinel.call('SENTINEL', 'REPLICAS', PRIMARY)) as string[][];
  return replicas.filter((fields) => fields[fields.indexOf('master-link-status') + 1] === 'ok').length;
}

async function openServers(context: Mocha.Context) {
  const program = await needsProgram(context, 'redis-server');
  const folder = await mkdtemp(join(tmpdir(), 'cc-redis-'));
  const nodes: RedisNode[] = [];

  async function run(port: number, args: readonly string[]): Promise<RedisNode> {
    const process = spawn(program, args, { stdio: 'ignore', cwd: folder });
    // A sentinel that makes a server a replica, or a primary, closes all connections to it.
    const client = new Redis(port, '127.0.0.1', { retryStrategy: () => 50 });
    client.on('error', () => undefined);
    await waitFor(async () => (await client.ping()) === 'PONG', { describe: 'a Redis of the topology to answer' });
    const node = { port, process, client };
    nodes.push(node);
    return node;
  }

  async function start(...more: readonly string[]): Promise<RedisNode> {
    const port = await freePort();
    const common = ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--repl-diskless-sync-delay', '0'];
    return run(port, ['--port', String(port), ...common, ...more]);
  }

  return {
    start,
    async startClusterNode() {
      // By itself the bus is on the port plus 10,000, which may be none.
      const busPort = await freePort();
      const file = `nodes-${String(busPort)}.conf`;
      const cluster = ['--cluster-enabled', 'yes', '--cluster-config-file', file, '--cluster-port', String(busPort)];
      return { ...(await start(...cluster)), busPort };
    },
    async startSentinel(primaryPort: number) {
      const port = await freePort();
      const file = join(folder, 'sentinel.conf');
      const lines = [
        `port ${String(port)}`,
        'bind 127.0.0.1',
        `sentinel monitor ${PRIMARY} 127.0.0.1 ${String(primaryPort)} 1`,
        `sentinel down-after-milliseconds ${PRIMARY} 500`,
        `sentinel failover-timeout ${PRIMARY} 5000`,
      ];
      await writeFile(file, `${lines.join('\n')}\n`);
      return run(port, [file, '--sentinel']);
    },
    async stop() {
      for (const { client, process } of nodes) {
        client.disconnect();
        if (process.exitCode !== null || process.signalCode !== null) continue;
        const ended = once(process, 'exit');
        process.kill('SIGKILL');
        await ended;
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}
