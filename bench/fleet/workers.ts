import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'slonik';
import { z } from 'zod';
import { compilePlan } from '../../flows/compile.ts';
import { parseDefinition } from '../../flows/definition.ts';
import { createFlows, type Flows } from '../../flows/flows.ts';
import { toStoredVersion } from '../../flows/stored.ts';
import { createHints } from '../../platform/hints.ts';
import { createLogger } from '../../platform/log.ts';
import { createQueueBackend, type QueueSettings } from '../../platform/queues.ts';
import { migrate } from '../../sql/migrate.ts';
import { createDatabase, type Database } from '../../sql/pool.ts';
import { registerAgents } from '../../sql/queries/agent-for-run.ts';
import { createWorkflow } from '../../sql/queries/definitions.ts';
import { isDrainRequested } from '../../sql/queries/drain.ts';
import { renewLeases } from '../../sql/queries/leases.ts';
import { markWorker } from '../../sql/queries/workers.ts';
import { LEASE_SECONDS } from '../../workers/lease.ts';
import { quantile } from '../quantile.ts';

export interface FleetOptions {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly workers: number;
  /** Nodes that each worker holds. */
  readonly held: number;
  readonly seconds: number;
  /** Connections to Postgres that all share, as behind a pooler. */
  readonly connections: number;
}

export interface FleetResult {
  readonly nodes: number;
  readonly claimsPerSecond: number;
  readonly settlesPerSecond: number;
  /** Milliseconds. */
  readonly heartbeat: Times;
  readonly presence: Times;
  readonly drainLook: Times;
  readonly statementsPerSecond: number;
  /** Leases that had ended when a heartbeat came: what a real worker would have lost. */
  readonly lostLeases: number;
  /** Beats that were sent later than they were due, by more than one interval. */
  readonly skippedBeats: number;
  /** Statements that got no connection or no answer in time; a worker tries again at the next beat. */
  readonly failed: number;
  readonly walBytesPerSecond: number;
}

export interface Times {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

const WORKFLOW = 'held';
const NODES_PER_RUN = 100;
/** As workers/lease.ts, workers/presence.ts and workers/drain.ts do. */
const HEARTBEAT_MS = 3000;
const PRESENCE_MS = 5000;

interface Held {
  readonly runId: string;
  readonly agentRunId: string;
  readonly token: string;
}

/**
 * The traffic of many workers on a real Postgres and a real Redis, by the service's own code: claims of everything that
 * they hold, then heartbeats, marks of presence and looks at what is asked of them, each at its real rate, then settles.
 * What a real worker has beside that (its process, its agents, its jobs in Redis) is not there.
 */
export async function simulateWorkers(options: FleetOptions): Promise<FleetResult> {
  const { databaseUrl, redisUrl, workers, held, seconds, connections } = options;
  const log = createLogger({ level: 'error' });
  await migrate(databaseUrl);
  const db = await createDatabase({ url: databaseUrl, applicationName: 'scale', poolSize: connections });
  const settings: QueueSettings = { kind: 'redis', url: redisUrl, prefix: 'scale' };
  const queues = await createQueueBackend(settings, log);
  const hints = createHints(settings, log);
  const flows = createFlows({ db, queues, hints, log });
  try {
    const ids = Array.from({ length: workers }, (_, index) => `simulated-${index}`);
    const runs = await submitRuns(db, flows, Math.ceil((workers * held) / NODES_PER_RUN));
    await flows.aftermath.idle();
    const claimed = await timed(() => claimAll(flows, runs, ids, held));
    const wal = await walBytes(db);
    const traffic = await beatFor(seconds, db, claimed.value);
    const walBytesPerSecond = ((await walBytes(db)) - wal) / seconds;
    const nodes = [...claimed.value.values()].flat();
    const settled = await timed(() => settleAll(flows, nodes));
    return {
      nodes: nodes.length,
      claimsPerSecond: nodes.length / claimed.seconds,
      settlesPerSecond: nodes.length / settled.seconds,
      ...traffic,
      walBytesPerSecond,
    };
  } finally {
    await flows.engine.idle();
    await hints.close();
    await queues.close();
    await db.stop();
  }
}

async function submitRuns(db: Database, { submitter }: Flows, count: number): Promise<readonly string[]> {
  const agent = { name: 'held', version: '1.0.0', riskLevel: 'AUTO' as const };
  await registerAgents(db, [{ ...agent, inputSchema: {}, outputSchema: {}, manifest: {} }]);
  const nodes = Array.from({ length: NODES_PER_RUN }, (_, index) => ({ id: `n${index}`, agent: 'held', input: {} }));
  const definition = parseDefinition({ name: WORKFLOW, nodes });
  const { name, projectId, status, labels = {} } = definition;
  await createWorkflow(db, { name, projectId, status, labels }, toStoredVersion(compilePlan(definition)), 'scale');
  const submitted = Array.from({ length: count }, () =>
    submitter.submit({ workflow: WORKFLOW, input: {}, trigger: { type: 'api' } }),
  );
  return (await Promise.all(submitted)).map(({ runId }) => runId);
}

async function claimAll(
  { engine }: Flows,
  runs: readonly string[],
  workers: readonly string[],
  held: number,
): Promise<ReadonlyMap<string, readonly Held[]>> {
  const claims = workers.flatMap((workerId, worker) =>
    Array.from({ length: held }, async (_, index) => {
      const node = worker * held + index;
      const runId = runs[Math.floor(node / NODES_PER_RUN)] ?? '';
      const token = randomUUID();
      const answer = await engine.claim({
        ...{ runId, epoch: 1, nodes: [node % NODES_PER_RUN], pool: 'default', token, workerId },
        ...{ leaseSeconds: LEASE_SECONDS, needs: [], withRun: false },
      });
      if (!('claimed' in answer) || !answer.claimed[0]) throw new Error(`not claimed: ${JSON.stringify(answer)}`);
      return { workerId, node: { runId, agentRunId: answer.claimed[0].agentRunId, token } };
    }),
  );
  const byWorker = new Map<string, Held[]>(workers.map((id) => [id, []]));
  for (const { workerId, node } of await Promise.all(claims)) byWorker.get(workerId)?.push(node);
  return byWorker;
}

async function beatFor(seconds: number, db: Database, held: ReadonlyMap<string, readonly Held[]>) {
  const ended = performance.now() + seconds * 1000;
  const times: Record<'heartbeat' | 'presence' | 'drainLook', number[]> = {
    heartbeat: [],
    presence: [],
    drainLook: [],
  };
  let lostLeases = 0;
  let skippedBeats = 0;
  let failed = 0;

  async function repeat(name: keyof typeof times, everyMs: number, work: () => Promise<unknown>): Promise<void> {
    let due = performance.now() + Math.random() * everyMs;
    while (due < ended) {
      await delay(Math.max(0, due - performance.now()));
      const sent = performance.now();
      await work().catch(() => (failed += 1));
      times[name].push(performance.now() - sent);
      due += everyMs;
      if (name === 'heartbeat' && performance.now() - due > everyMs) skippedBeats += 1;
      due = Math.max(due, performance.now());
    }
  }

  await Promise.all(
    [...held].flatMap(([id, nodes], index) => [
      repeat('heartbeat', HEARTBEAT_MS, async () => {
        lostLeases += nodes.length - (await renewLeases(db, nodes, LEASE_SECONDS)).size;
      }),
      repeat('presence', PRESENCE_MS, () =>
        markWorker(db, { id, host: 'scale', pid: index + 1, roles: ['worker'], pools: ['default'], concurrency: 10 }),
      ),
      repeat('drainLook', PRESENCE_MS, () => isDrainRequested(db, id)),
    ]),
  );
  const statements = times.heartbeat.length + times.presence.length + times.drainLook.length;
  return {
    heartbeat: summary(times.heartbeat),
    presence: summary(times.presence),
    drainLook: summary(times.drainLook),
    statementsPerSecond: statements / seconds,
    lostLeases,
    skippedBeats,
    failed,
  };
}

async function settleAll({ engine }: Flows, nodes: readonly Held[]): Promise<void> {
  const settled = await Promise.all(nodes.map((node) => engine.settle({ ...node, status: 'SUCCESS', output: null })));
  if (!settled.every(({ accepted }) => accepted)) throw new Error('a settle was not accepted: a lease was lost');
}

async function walBytes(db: Database): Promise<number> {
  const row = await db.one(sql.type(z.object({ bytes: z.number() }))`
    SELECT wal_bytes::double precision AS bytes FROM pg_stat_wal`);
  return row.bytes;
}

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; seconds: number }> {
  const started = performance.now();
  return { value: await work(), seconds: (performance.now() - started) / 1000 };
}

function summary(times: readonly number[]): Times {
  const sorted = [...times].sort((a, b) => a - b);
  return { count: sorted.length, p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99), max: sorted.at(-1) ?? 0 };
}
