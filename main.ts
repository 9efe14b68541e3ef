import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import { AppError } from './contracts/errors.ts';
import { createFlows, type Flows } from './flows/flows.ts';
import { assertSafeToListen, loadConfig, type Config } from './platform/config.ts';
import { armFailpoint } from './platform/failpoints.ts';
import { createHints, type Hints } from './platform/hints.ts';
import { createLifecycle, type Service } from './platform/lifecycle.ts';
import { createLogger, type Logger } from './platform/log.ts';
import { knownSecrets, passwordsIn } from './platform/known-secrets.ts';
import { createGrowingMasker, createMasker, type GrowingMasker } from './platform/masker.ts';
import { createMetrics, type Metrics, type Role } from './platform/metrics.ts';
import { createNats, type Nats } from './platform/nats.ts';
import { optimizeEarly } from './platform/optimize-early.ts';
import { createQueueBackend, type QueueBackend } from './platform/queues.ts';
import { createTracing, type Tracing } from './platform/telemetry.ts';
import { resolveServices, type ResolvedServices } from './platform/services.ts';
import { tokenWeakness } from './platform/weak-token.ts';
import { prepareDatabase } from './sql/migrate.ts';
import { createDatabase, createHeartbeatDatabase, type Database } from './sql/pool.ts';
import { registerAgents } from './sql/queries/agent-for-run.ts';
import { savePoolLimits } from './sql/queries/execution-limits.ts';
import { ping } from './sql/queries/ping.ts';
import { listCredentials } from './sql/queries/tokens.ts';
import type { AgentDescription } from './workers/agents/description.ts';
import type { ExecutorHealth } from './workers/executors/executor.ts';

/**
 * The composition root: reads the environment once, brings up or finds the servers, migrates, and builds the rooms that
 * the roles ask for on them. Rooms are imported lazily: a worker loads no HTTP, an API no executor.
 */

export interface Running {
  /** Where the API listens; absent in a process without that role. */
  readonly address: { readonly host: string; readonly port: number } | undefined;
  readonly config: Config;
  /** One line per service, for the banner. */
  readonly lines: readonly string[];
  /** Stops everything in reverse order; false when something was too slow. */
  stop(deadlineMs?: number): Promise<boolean>;
  /** Stops and exits on SIGTERM and SIGINT. */
  exitOnSignals(): void;
}

export interface StartOptions {
  readonly roles: readonly Role[];
  readonly env: NodeJS.ProcessEnv;
  readonly log?: Logger;
}

/** What every role stands on. */
interface Foundation {
  readonly roles: readonly Role[];
  readonly env: NodeJS.ProcessEnv;
  readonly config: Config;
  readonly log: Logger;
  /** What logs and traces hide. */
  readonly secrets: GrowingMasker;
  readonly tracing: Tracing;
  readonly databaseUrl: string;
  readonly db: Database;
  readonly queues: QueueBackend;
  readonly hints: Hints;
  readonly nats: Nats | undefined;
  readonly metrics: Metrics;
  readonly flows: Flows;
  readonly agents: readonly AgentDescription[];
}

/** @throws AppError with what is wrong and what to do; what had started is stopped again */
export async function start({ roles, env, log: given }: StartOptions): Promise<Running> {
  const config = loadConfig(env);
  armFailpoint(config.failAt);
  const secrets = createGrowingMasker(knownSecrets(env));
  const identity = { name: 'commandcenter', instance: `${hostname()}-${process.pid}` };
  const tracing = await createTracing(config.otelEndpoint, identity, secrets);
  const log = given ?? createLogger({ level: config.logLevel, secrets, traceId: () => tracing.traceId() });
  warnOfWeakTokens(config, log);
  const servers = await resolveServices(config, log.child({ component: 'Services' }));
  secrets.add([servers.databaseUrl, servers.natsUrl ?? ''].flatMap(passwordsIn));
  const running: Service[] = [closing('tracing', () => tracing.stop()), ...servers.services.map(asRunning)];
  try {
    const foundation = await lay(servers, running, { roles, env, config, log, secrets, tracing });
    const worker = roles.includes('worker') ? await buildWorker(foundation, running) : undefined;
    const api = roles.includes('api') ? await buildApi(foundation, running, worker?.executorHealth) : undefined;
    const lifecycle = createLifecycle([...running, ...(worker?.services ?? []), ...(api ? [api.service] : [])], log);
    await lifecycle.start();
    return {
      address: api?.address(),
      config,
      lines: servers.lines,
      stop: (deadlineMs) => lifecycle.stop(deadlineMs),
      exitOnSignals: () => void lifecycle.exitOnSignals(process, config.drainSeconds * 1000),
    };
  } catch (error) {
    for (const service of running.reverse()) await service.stop(5000).catch(() => undefined);
    throw error;
  }
}

/** In production they are refused (platform/config.ts). */
function warnOfWeakTokens({ authTokens }: Config, log: Logger): void {
  for (const { name, token } of authTokens) {
    const weakness = tokenWeakness(token);
    if (weakness !== null) log.warn({ name }, `a token of AUTH_TOKENS ${weakness}: NODE_ENV=production refuses it`);
  }
}

async function lay(
  { databaseUrl, queue, natsUrl }: ResolvedServices,
  running: Service[],
  setting: Pick<Foundation, 'roles' | 'env' | 'config' | 'log' | 'secrets' | 'tracing'>,
): Promise<Foundation> {
  const { roles, config, tracing } = setting;
  const log = (component: string) => setting.log.child({ component });
  await prepareDatabase(databaseUrl, { log: (line) => log('Migrations').info(line) });

  const metrics = createMetrics({ roles, traceId: () => tracing.recordedTraceId() });
  const db = await createDatabase({
    url: databaseUrl,
    applicationName: `commandcenter ${roles.join('+')}`,
    tracing,
    onUnreadable: (what) => metrics.unreadableRowsTotal.inc({ what }),
  });
  running.push(closing('database', (deadlineMs) => db.stop(deadlineMs)));
  const queues = await createQueueBackend(queue, log('Queues'), tracing.queues && { telemetry: tracing.queues });
  running.push(closing('queues', (deadlineMs) => queues.close(deadlineMs)));
  const hints = createHints(queue, log('Hints'));
  running.push(closing('hints', () => hints.close()));
  const nats = natsUrl === undefined ? undefined : createNats(natsUrl, log('Nats'));
  if (nats) running.push(closing('nats', (deadlineMs) => nats.close(deadlineMs)));

  const flows = createFlows({
    db,
    queues,
    hints,
    log: log('Flows'),
    tracing,
    onEnded({ workflowName, status, durationSeconds }) {
      const labels = { workflow: metrics.label.workflow(workflowName), status };
      metrics.workflowDurationSeconds.record(labels, durationSeconds);
    },
  });
  running.push(closing('flows', () => flows.engine.idle()));
  if (roles.includes('api')) assertSafeToListen(config, (await listCredentials(db)).length);
  const agents = await describeFolders(config, log('Agents'));
  await registerAgents(db, agents.map(asRegistered));
  return { ...setting, databaseUrl, db, queues, hints, nats, metrics, flows, agents };
}

async function describeFolders({ agentsDir, dataDir }: Config, log: Logger): Promise<readonly AgentDescription[]> {
  const { describeAgents } = await import('./workers/agents/describe.ts');
  try {
    const { registered, rejected } = await describeAgents(agentsDir, dataDir);
    for (const { name, reason } of rejected) log.warn({ agent: name }, `agent ${name} was not registered: ${reason}`);
    for (const { name, unchecked } of registered)
      for (const pattern of unchecked)
        log.warn({ agent: name }, `agent ${name} alone checks a pattern of its schema, in ${pattern}`);
    return registered;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    log.warn({ agentsDir }, 'AGENTS_DIR does not exist: no agents are registered from folders');
    return [];
  }
}

function asRegistered({
  name,
  version,
  description,
  riskLevel,
  inputSchema,
  outputSchema,
  image,
  digest,
  manifest,
}: AgentDescription) {
  return {
    name,
    version,
    description,
    riskLevel,
    inputSchema,
    outputSchema,
    digest,
    manifest,
    ...(image !== undefined && { image }),
  };
}

async function buildApi(
  { config, env, databaseUrl, db, queues, hints, nats, flows, metrics, log, tracing }: Foundation,
  running: Service[],
  executorHealth: (() => Promise<ExecutorHealth>) | undefined,
) {
  const { createApi } = await import('./api/app.ts');
  const { plainSecrets } = await import('./workers/secrets.ts');
  const healthDb = await createHeartbeatDatabase({ url: databaseUrl, applicationName: 'commandcenter health' });
  running.push(closing('health database', () => healthDb.stop()));
  return createApi({
    config,
    db,
    healthDb,
    queues,
    hints,
    nats,
    submitter: flows.submitter,
    control: flows.control,
    metrics,
    log: log.child({ component: 'Api' }),
    secret: plainSecrets(env, config.secretsDir),
    tracing,
    ...(executorHealth && { executorHealth }),
  });
}

async function buildWorker(foundation: Foundation, running: Service[]) {
  const { config, env, databaseUrl, db, queues, hints, nats, flows, metrics, log, tracing, agents, roles } = foundation;
  const { createWorkers } = await import('./workers/workers.ts');
  const { createAgentsHere } = await import('./workers/agents-here.ts');
  const { createExecutor } = await import('./workers/executors/executors.ts');
  const { startReaper } = await import('./workers/executors/reaper.ts');
  const { createSecrets } = await import('./workers/secrets.ts');
  const { createScrapeAccess } = await import('./workers/scrape-access.ts');
  const { createWorkerHttp } = await import('./workers/worker-http.ts');
  const { createAgentsKeeper } = await import('./workers/keep-agents.ts');

  const workerId = `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`;
  const heartbeatDb = await createHeartbeatDatabase({ url: databaseUrl, applicationName: 'commandcenter worker' });
  await savePoolLimits(db, config.poolLimits);
  const reaper = await startReaper({ workerId, cacheDir: config.dataDir });
  running.push(
    closing('heartbeats', () => heartbeatDb.stop()),
    closing('reaper', () => reaper.stop()),
  );
  const executorLog = log.child({
    component: config.agentExecutor === 'dagger' ? 'DaggerExecutor' : 'ProcessExecutor',
    workerId,
  });
  const executor = createExecutor(config.agentExecutor, {
    workerId,
    env,
    log: executorLog,
    cacheDir: config.dataDir,
    workspaceRoots: config.workspaceRoots,
    reaper,
  });
  const executorHealth = () => executor.health(2000);
  const services = createWorkers({
    ...{ workerId, db, heartbeatDb, flows, queues, hints, metrics, log, tracing, executor },
    agents: createAgentsHere(db, agents, config.agentImageSources),
    secrets: createSecrets({ env, config, db, log: log.child({ component: 'Secrets' }), masker: foundation.secrets }),
    limits: {
      timeoutSeconds: config.agentTimeoutSeconds,
      memoryMb: config.agentMaxMemoryMb,
      maxOutputBytes: config.agentMaxOutputBytes,
    },
    links: { publicUrl: config.publicUrl, key: config.approvalLinkKey },
    pools: config.workerPools,
    dataDir: config.dataDir,
    retentionDays: config.retentionDays,
    retention: config.retention,
    alertmanagerUrl: config.alertmanagerUrl,
    ...(nats && { nats }),
  });
  const keeper = createAgentsKeeper({
    ...{ agents, executor, memoryMb: config.agentMaxMemoryMb, dataDir: config.dataDir },
    log: log.child({ component: 'Agents', workerId }),
  });
  const own = createWorkerHttp({
    host: config.host,
    port: config.metricsPort,
    metrics,
    mayScrape: createScrapeAccess(config, heartbeatDb),
    log: log.child({ component: 'Worker', workerId }),
    checks: {
      database: () => ping(heartbeatDb),
      redis: () => queues.ping(2000),
      executor: async () => {
        const health = await executorHealth();
        if (!health.ok) throw new AppError('EXECUTOR_UNAVAILABLE', health.error);
      },
    },
  });
  // Beside an API in the same process the API's own port shows the same.
  return { services: [...services, keeper, ...(roles.includes('api') ? [] : [own])], executorHealth };
}

function closing(name: string, stop: (deadlineMs: number) => Promise<void>): Service {
  return { name, start: () => Promise.resolve(), stop };
}

/** A server that `resolveServices` has started already. */
function asRunning({ name, stop }: Service): Service {
  return closing(name, stop);
}

const ROLES = /^--roles=((?:api|worker)(?:,(?:api|worker))*)$/;

function rolesOf(argv: readonly string[]): Role[] {
  const [argument = '--roles=api,worker'] = argv;
  const match = ROLES.exec(argument);
  if (match?.[1] !== undefined && argv.length <= 1) return match[1].split(',') as Role[];
  throw new AppError(
    'INVALID_INPUT',
    `Unknown arguments ${argv.join(' ')}: use --roles=api,worker, --roles=api or --roles=worker`,
  );
}

/** Asked to stop while starting: what is half begun (an initdb, say) is finished first, then everything is stopped. */
function signalWhileStarting(): { received(): NodeJS.Signals | undefined; ignore(): void } {
  let signal: NodeJS.Signals | undefined;
  const note = (received: NodeJS.Signals) => (signal = received);
  process.on('SIGTERM', note).on('SIGINT', note);
  return { received: () => signal, ignore: () => void process.off('SIGTERM', note).off('SIGINT', note) };
}

async function main(): Promise<void> {
  optimizeEarly();
  const early = signalWhileStarting();
  const running = await start({ roles: rolesOf(process.argv.slice(2)), env: process.env });
  running.exitOnSignals();
  early.ignore();
  if (early.received()) process.exit((await running.stop()) ? 0 : 1);
  const { address, lines } = running;
  const where = address
    ? [`http://${address.host}:${address.port} (console at /, Bull Board at /admin/queues, API at /docs)`]
    : [];
  for (const line of [...lines, ...where]) process.stderr.write(`${line}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  main().catch((error: unknown) => {
    // 78: the configuration is wrong or something has to be installed (sysexits.h); a supervisor need not try again.
    const text = error instanceof AppError ? error.message : String((error as Error).stack);
    process.stderr.write(`${createMasker(knownSecrets(process.env)).mask(text)}\n`);
    process.exit(error instanceof AppError ? 78 : 1);
  });
}
