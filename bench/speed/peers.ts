import { spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { withClient } from '../chaos/history/read-postgres.ts';
import { startServers } from '../chaos/rig/servers.ts';
import type { BenchService } from './service.ts';

/** One engine on one shape; each figure is the median over the repetitions, with the lowest and the highest. */
export interface PeerFigures {
  readonly peer: string;
  readonly shape: string;
  readonly stepsPerSecond: Spread;
  /** Milliseconds of one run at a time. */
  readonly p50: Spread;
  /** Of servers, workers and, for this project, the API; not of the driver. */
  readonly cpuSecondsPer1000Steps: Spread;
}

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export interface Comparison {
  readonly repetitions: number;
  readonly figures: readonly PeerFigures[];
  /** What a peer said when it could not be measured. */
  readonly failures: readonly { readonly peer: string; readonly error: string }[];
}

/** This project's name in the harness. */
export const OURS = 'commandcenter';
/** Plain BullMQ flows with nothing durable beside them: what an engine on BullMQ cannot be faster than. */
export const FLOOR = 'bullmq';

interface Row {
  readonly peer: string;
  readonly shape: string;
  readonly mode: 'throughput' | 'latency';
  readonly stepsPerS: number;
  readonly p50: number;
  readonly cpuServer: number;
  readonly cpuWorker: number;
  readonly error?: string;
}

/**
 * Lets a harness of other engines drive them and this service by turns, on servers of their own beside the service's: the
 * folder has a `run.mjs` that appends a line of JSON per figure and takes BASE_URL and pids of a service that runs already.
 * @throws Error where the harness itself fails
 */
export async function comparePeers(
  folder: string,
  service: BenchService,
  { peers, repetitions }: { readonly peers: string; readonly repetitions: number },
): Promise<Comparison> {
  const home = await mkdtemp(join(tmpdir(), 'cc-peers-'));
  await chmod(home, 0o755); // Postgres runs under another account
  const servers = await startServers(home, { isRedisKept: true });
  try {
    // the account that the harness logs in with
    await withClient(servers.databaseUrl, (client) =>
      client.query(`CREATE ROLE postgres SUPERUSER LOGIN PASSWORD '${new URL(servers.databaseUrl).password}'`),
    );
    const out = join(home, 'figures.jsonl');
    const redisPid = join(home, 'redis.pid');
    await writeFile(redisPid, String(servers.redis.pid));
    const pids = (...parts: ('api' | 'worker' | 'postgres' | 'redis' | 'nats')[]) =>
      parts.flatMap((part) => service.pids.get(part) ?? []).join();
    const env = {
      ...process.env,
      BASE_URL: service.url,
      CC_PIDS: pids('api', 'worker'),
      CC_SERVER_PIDS: pids('postgres', 'redis', 'nats'),
      PG_DATA: join(home, 'postgres', 'data'),
      PG_PORT: String(servers.postgres.port),
      PGPASSWORD: new URL(servers.databaseUrl).password,
      REDIS_PORT: String(servers.redis.port),
      REDIS_PIDFILE: redisPid,
      RESTATE_DIR: join(home, 'restate'),
    };
    const options = [`--peers=${OURS},${peers}`, '--workers=1', `--reps=${repetitions}`, `--out=${out}`];
    await runHarness(folder, options, env);
    return compare(parseRows(await readFile(out, 'utf8')), repetitions);
  } finally {
    await servers.stop();
    await rm(home, { recursive: true, force: true });
  }
}

/** Shows its lines as they come: a comparison takes minutes. */
async function runHarness(folder: string, options: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn(process.execPath, ['run.mjs', ...options], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) console.log(line);
  const code = child.exitCode ?? (await new Promise((resolve) => child.once('exit', resolve)));
  if (code !== 0) throw new Error(`The harness in ${folder} ended with ${String(code)}: see its lines above.`);
}

function parseRows(text: string): Row[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);
}

function compare(rows: readonly Row[], repetitions: number): Comparison {
  const failures = rows.flatMap(({ peer, error }) => (error === undefined ? [] : [{ peer, error }]));
  const measured = rows.filter(({ error }) => error === undefined);
  const pairs = new Map(measured.map(({ peer, shape }) => [`${shape} ${peer}`, { peer, shape }]));
  const figures = [...pairs.values()].map(({ peer, shape }) => {
    const of = (mode: Row['mode'], value: (row: Row) => number) =>
      spreadOf(measured.filter((row) => row.peer === peer && row.shape === shape && row.mode === mode).map(value));
    return {
      peer,
      shape,
      stepsPerSecond: of('throughput', ({ stepsPerS }) => stepsPerS),
      p50: of('latency', ({ p50 }) => p50),
      cpuSecondsPer1000Steps: of('throughput', ({ cpuServer, cpuWorker }) => cpuServer + cpuWorker),
    };
  });
  return { repetitions, figures, failures };
}

function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  const middle = (sorted.length - 1) / 2;
  return { median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2, min: at(0), max: at(sorted.length - 1) };
}
