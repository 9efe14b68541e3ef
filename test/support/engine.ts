import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { sql } from 'slonik';
import { z } from 'zod';
import type { Json } from '../../contracts/json.ts';
import { isTerminal, NODE_STATUSES, RUN_STATUSES } from '../../contracts/statuses.ts';
import { agentsQueue, FINALIZE_QUEUE, GATES_QUEUE, STEPS_QUEUE } from '../../contracts/jobs.ts';
import { compilePlan } from '../../flows/compile.ts';
import { parseDefinition } from '../../flows/definition.ts';
import { createFlows, type Flows } from '../../flows/flows.ts';
import { toStoredVersion } from '../../flows/stored.ts';
import type { LinkSettings } from '../../flows/approval-link.ts';
import type { SubmitRequest } from '../../flows/submit.ts';
import { createHints, type Hints } from '../../platform/hints.ts';
import { createLifecycle, type Lifecycle } from '../../platform/lifecycle.ts';
import { createLogger, type Logger } from '../../platform/log.ts';
import { createMetrics, type Metrics } from '../../platform/metrics.ts';
import type { Nats } from '../../platform/nats.ts';
import { createQueueBackend, type QueueBackend, type QueueSettings } from '../../platform/queues.ts';
import { createHeartbeatDatabase, type Database } from '../../sql/pool.ts';
import { registerAgents } from '../../sql/queries/agent-for-run.ts';
import { createWorkflow } from '../../sql/queries/definitions.ts';
import type { AgentsHere } from '../../workers/agents-here.ts';
import type { ExecutionRequest, ExecutionResult, Executor } from '../../workers/executors/executor.ts';
import type { SecretSource } from '../../workers/secrets.ts';
import { createWorkers } from '../../workers/workers.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { testPrefix } from './redis.ts';
import { waitFor } from './wait-for.ts';

export type Backend = QueueSettings['kind'];
export const BACKENDS: readonly Backend[] = ['redis', 'postgres'];

/** What a test agent does; what it throws is a failure of the agent. */
export type TestAgent = (input: Json, request: ExecutionRequest) => Promise<Json> | Json;

export interface TestEngineOptions {
  readonly backend?: Backend;
  readonly agents?: Readonly<Record<string, TestAgent>>;
  /** How many worker replicas; each with connections of its own, in this process. */
  readonly workers?: number;
  readonly concurrency?: number;
  readonly logLevel?: 'silent' | 'warn' | 'debug';
  /** Instead of the shared Redis: one of the test's own, which it may empty and stop. */
  readonly redisUrl?: string;
  readonly links?: LinkSettings;
  /** What agents are given; nothing by default. */
  readonly secrets?: SecretSource;
  /** Signals and events come and go by it. */
  readonly nats?: { readonly nats: Nats; readonly subjects: { readonly stream: string; readonly prefix: string } };
}

const runRow = z.object({
  id: z.string(),
  status: z.enum(RUN_STATUSES),
  output: z.any(),
  errorCode: z.string().nullable(),
  errorMessage: z.string().nullable(),
  errorNodeId: z.string().nullable(),
  epoch: z.number(),
});
const nodeRow = z.object({
  id: z.string(),
  nodeId: z.string(),
  itemIndex: z.number().nullable(),
  status: z.enum(NODE_STATUSES),
  attempt: z.number(),
  output: z.any(),
  input: z.any(),
  errorCode: z.string().nullable(),
  errorMessage: z.string().nullable(),
  waitingFor: z.string().nullable(),
  startedAt: z.date().nullable(),
  finishedAt: z.date().nullable(),
});
export type RunRow = z.infer<typeof runRow>;
export type NodeRow = z.infer<typeof nodeRow>;

/** The engine without HTTP: a database, a queue prefix and workers of a test's own. */
export interface TestEngine {
  readonly db: Database;
  readonly databaseUrl: string;
  readonly flows: Flows;
  readonly queues: QueueBackend;
  readonly hints: Hints;
  readonly metrics: Metrics;
  define(definition: unknown): Promise<string>;
  submit(workflow: string, input?: Json, more?: Partial<SubmitRequest>): Promise<string>;
  run(runId: string): Promise<RunRow>;
  nodes(runId: string): Promise<NodeRow[]>;
  node(runId: string, nodeId: string): Promise<NodeRow>;
  /** The run's approval that waits. */
  approval(runId: string): Promise<{ id: string }>;
  events(runId: string): Promise<{ sequence: number; type: string; data: Record<string, Json> }[]>;
  /** Waits until the run has ended. */
  ended(runId: string, timeoutMs?: number): Promise<RunRow>;
  /** Jobs that are left in the queues. */
  leftovers(): Promise<string[]>;
  /** Empties the queue server of everything that is this engine's. */
  flush(): Promise<void>;
  stopWorkers(): Promise<void>;
  close(): Promise<void>;
}

export async function startTestEngine({
  backend = 'redis',
  agents = {},
  workers = 1,
  concurrency = 10,
  logLevel = 'silent',
  redisUrl,
  links = { publicUrl: 'http://127.0.0.1' },
  secrets = { of: () => ({ given: {}, refused: [] }) },
  nats,
}: TestEngineOptions = {}): Promise<TestEngine> {
  const database = await createTestDatabase({ poolSize: 8 });
  const prefix = testPrefix('engine');
  const settings: QueueSettings =
    backend === 'redis'
      ? { kind: 'redis', url: redisUrl ?? prefix.redisUrl, prefix: prefix.prefix }
      : { kind: 'postgres', databaseUrl: database.url };
  const log = createLogger({ level: logLevel === 'silent' ? 'fatal' : logLevel, stream: process.stderr });
  const dataDir = await mkdtemp(join(tmpdir(), 'cc-engine-'));
  const queues = await createQueueBackend(settings, log);
  const hints = createHints(settings, log);
  const flows = createFlows({ db: database.db, queues, hints, log });
  await registerTestAgents(database.db, Object.keys(agents));
  const metrics = createMetrics({ roles: ['worker'] });
  const replicas = await startReplicas({
    count: workers,
    database,
    settings,
    log,
    agents,
    concurrency,
    dataDir,
    metrics,
    links,
    secrets,
    ...nats,
  });

  const engine: TestEngine = {
    db: database.db,
    databaseUrl: database.url,
    flows,
    queues,
    hints,
    metrics,
    async define(json) {
      const definition = parseDefinition(json);
      const { name, projectId, status, labels = {}, maxConcurrentRuns } = definition;
      const facts = { name, projectId, status, labels, ...(maxConcurrentRuns !== undefined && { maxConcurrentRuns }) };
      return (await createWorkflow(database.db, facts, toStoredVersion(compilePlan(definition)), 'test')).id;
    },
    async submit(workflow, input = {}, more = {}) {
      const { runId } = await flows.submitter.submit({ workflow, input, trigger: { type: 'api' }, ...more });
      return runId;
    },
    run: (runId) =>
      database.db.one(sql.type(runRow)`
        SELECT id, status, output, "errorCode", "errorMessage", "errorNodeId", epoch FROM "WorkflowRun" WHERE id = ${runId}`),
    nodes: async (runId) => [
      ...(await database.db.any(sql.type(nodeRow)`
        SELECT id, "nodeId", "itemIndex", status, attempt, output, input, "errorCode", "errorMessage", "waitingFor", "startedAt", "finishedAt"
        FROM "AgentRun" WHERE "runId" = ${runId} ORDER BY "nodeIndex", "itemIndex" NULLS FIRST`)),
    ],
    async node(runId, nodeId) {
      const node = (await engine.nodes(runId)).find((one) => one.nodeId === nodeId && one.itemIndex === null);
      if (!node) throw new Error(`The run has no node ${nodeId}`);
      return node;
    },
    approval: (runId) =>
      database.db.one(
        sql.type(
          z.object({ id: z.string() }),
        )`SELECT id FROM "Approval" WHERE "runId" = ${runId} AND status = 'PENDING'`,
      ),
    events: async (runId) => [
      ...(await database.db.any(sql.type(z.object({ sequence: z.number(), type: z.string(), data: z.any() }))`
        SELECT sequence, type, data FROM "Event" WHERE "runId" = ${runId} ORDER BY sequence`)),
    ],
    async ended(runId, timeoutMs = 15_000) {
      const hasEnded = async () => isTerminal((await engine.run(runId)).status);
      await waitFor(hasEnded, { timeoutMs, describe: `run ${runId} to end` }).catch(async (error: unknown) => {
        const state = {
          run: await engine.run(runId),
          nodes: await engine.nodes(runId),
          left: await engine.leftovers(),
        };
        throw new Error(`${(error as Error).message}\n${JSON.stringify(state, null, 1)}`, { cause: error });
      });
      return engine.run(runId);
    },
    async leftovers() {
      const names = [STEPS_QUEUE, agentsQueue(), FINALIZE_QUEUE, GATES_QUEUE];
      // Failed jobs are kept for the dashboard, within bounds.
      const states = ['wait', 'active', 'delayed', 'prioritized', 'waiting-children', 'completed'] as const;
      const jobs = await Promise.all(names.map((name) => queues.queue(name).getJobs([...states])));
      return jobs.flat().map((job) => `${job.queueName}/${job.id ?? ''}`);
    },
    async flush() {
      if (backend === 'redis') await deleteKeys(prefix.redisUrl, await prefix.keys());
      else await database.db.query(sql.type(z.object({}))`DELETE FROM bullmq.job`);
    },
    async stopWorkers() {
      await Promise.all(replicas.splice(0).map((replica) => replica.stop()));
    },
    async close() {
      await engine.stopWorkers();
      await flows.aftermath.idle();
      await hints.close();
      await queues.close();
      await prefix.cleanup();
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
  return engine;
}

async function deleteKeys(redisUrl: string, keys: readonly string[]): Promise<void> {
  const redis = new Redis(redisUrl);
  if (keys.length > 0) await redis.del(...keys);
  await redis.quit();
}

async function registerTestAgents(db: Database, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  await registerAgents(
    db,
    names.map((name) => ({
      name,
      version: '1.0.0',
      riskLevel: 'AUTO' as const,
      inputSchema: {},
      outputSchema: {},
      manifest: {},
    })),
  );
}

interface ReplicaParts {
  readonly count: number;
  readonly database: TestDatabase;
  readonly settings: QueueSettings;
  readonly log: Logger;
  readonly agents: Readonly<Record<string, TestAgent>>;
  readonly concurrency: number;
  readonly dataDir: string;
  readonly metrics: Metrics;
  readonly links: LinkSettings;
  readonly secrets: SecretSource;
  readonly nats?: Nats;
  readonly subjects?: { readonly stream: string; readonly prefix: string };
}

async function startReplicas({ count, ...parts }: ReplicaParts): Promise<{ stop(): Promise<void> }[]> {
  return Promise.all(Array.from({ length: count }, () => startReplica(parts)));
}

async function startReplica({
  database,
  settings,
  log,
  agents,
  concurrency,
  dataDir,
  metrics,
  links,
  secrets,
  nats,
  subjects,
}: Omit<ReplicaParts, 'count'>) {
  const queues = await createQueueBackend(settings, log);
  const hints = createHints(settings, log);
  const heartbeatDb = await createHeartbeatDatabase({ url: database.url, applicationName: 'test' });
  const flows = createFlows({ db: database.db, queues, hints, log });
  const services = createWorkers({
    workerId: `test-${randomUUID().slice(0, 8)}`,
    db: database.db,
    heartbeatDb,
    flows,
    queues,
    hints,
    metrics,
    log,
    executor: functionExecutor(agents),
    agents: agentsByName(agents),
    secrets,
    limits: { timeoutSeconds: 30, memoryMb: 512, maxOutputBytes: 1024 * 1024 },
    links,
    pools: [{ name: 'default', concurrency }],
    dataDir,
    retentionDays: 0,
    retention: [],
    ...(nats && { nats }),
    ...(subjects && { subjects }),
  });
  const lifecycle: Lifecycle = createLifecycle(services, log);
  await lifecycle.start();
  return {
    async stop() {
      await lifecycle.stop(10_000);
      await flows.aftermath.idle();
      await hints.close();
      await queues.close();
      await heartbeatDb.stop();
    },
  };
}

function agentsByName(agents: Readonly<Record<string, TestAgent>>): AgentsHere {
  return {
    find: (name) =>
      Promise.resolve(
        agents[name] === undefined
          ? null
          : {
              reference: {
                name,
                version: '1.0.0',
                directory: '/',
                entry: '',
                manifest: { riskLevel: 'AUTO', network: false, workspace: 'none', workspaceFields: [], secrets: [] },
              },
              inputSchema: {},
              outputSchema: {},
              needsApproval: false,
              paused: false,
              digest: null,
            },
      ),
  };
}

/** Runs agents as functions of the test: what processes do has a suite of its own (test/conformance). */
function functionExecutor(agents: Readonly<Record<string, TestAgent>>): Executor {
  return {
    name: 'function',
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    health: () => Promise.resolve({ ok: true }),
    async execute(request): Promise<ExecutionResult> {
      const started = performance.now();
      const durationMs = () => performance.now() - started;
      const cancelled = new Promise<ExecutionResult>((resolve) => {
        request.signal.addEventListener('abort', () => {
          resolve({
            ok: false,
            code: 'CANCELLED',
            message: 'stopped',
            retryable: false,
            exitCode: null,
            durationMs: durationMs(),
          });
        });
      });
      const ran = (async (): Promise<ExecutionResult> => {
        try {
          const output = (await agents[request.agent.name]?.(request.input, request)) ?? null;
          return { ok: true, output, exitCode: 0, durationMs: durationMs() };
        } catch (error) {
          const { message } = error as Error;
          const retryable = !message.includes('final');
          return {
            ok: false,
            code: 'AGENT_FAILED',
            message,
            retryable,
            exitCode: retryable ? 1 : 2,
            durationMs: durationMs(),
          };
        }
      })();
      return Promise.race([ran, cancelled]);
    },
  };
}
