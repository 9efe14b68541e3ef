import { resolve } from 'node:path';
import { type z } from 'zod';
import { AppError, type Problem } from '../contracts/errors.ts';
import { tokenWeakness } from './weak-token.ts';
import { describeVariable, ENVIRONMENT_NAMES, environmentSchema, type EnvironmentName } from './environment.ts';

type Environment = z.infer<typeof environmentSchema>;
export type Config = ReturnType<typeof toConfig>;
export type { Scope } from '../contracts/scopes.ts';

/**
 * Reads the whole environment once. Folders come out absolute, resolved from `cwd`.
 * @throws AppError INVALID_INPUT with one problem per wrong variable: its name, what is wrong and an example.
 */
export function loadConfig(env: NodeJS.ProcessEnv, cwd: string = process.cwd()): Config {
  const known = onlySet(env);
  const parsed = environmentSchema.safeParse(known);
  const problems = parsed.success ? contradictions(parsed.data) : refusals(parsed.error, known);
  if (!parsed.success || problems.length > 0) throw invalid(problems);
  return deepFreeze(toConfig(parsed.data, cwd));
}

/**
 * The rule "who may listen": strangers reach a service only where tokens exist or their scope was named.
 * @param storedTokens how many tokens the database holds, beside those of AUTH_TOKENS
 * @throws AppError INVALID_INPUT when the address is not loopback and nothing limits who may call
 */
export function assertSafeToListen(
  config: Pick<Config, 'host' | 'authTokens' | 'authAnonymousScope' | 'oidc'>,
  storedTokens = 0,
): void {
  const hasTokens = config.authTokens.length + storedTokens > 0 || config.oidc !== undefined;
  if (isLoopback(config.host) || hasTokens || config.authAnonymousScope !== undefined) return;
  throw invalid([
    {
      path: 'HOST',
      message:
        `${config.host} is reachable by others and no token is configured: set AUTH_TOKENS ` +
        `(for example AUTH_TOKENS=${describeVariable('AUTH_TOKENS').example}), or name what anybody may do ` +
        'with AUTH_ANONYMOUS_SCOPE=viewer, or listen on HOST=127.0.0.1',
    },
  ]);
}

/** True for an address that only this machine reaches. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

function toConfig(env: Environment, cwd: string) {
  return {
    databaseUrl: env.DATABASE_URL,
    redisUrl: env.REDIS_URL,
    natsUrl: env.NATS_URL,
    port: env.PORT,
    metricsPort: env.METRICS_PORT,
    host: env.HOST,
    dataDir: resolve(cwd, env.DATA_DIR),
    agentExecutor: env.AGENT_EXECUTOR,
    agentsDir: resolve(cwd, env.AGENTS_DIR),
    agentImageSources: env.AGENT_IMAGE_SOURCES,
    workspaceRoots: env.WORKSPACE_ROOTS.map((root) => resolve(cwd, root)),
    agentTimeoutSeconds: env.AGENT_TIMEOUT_SECONDS,
    agentMaxMemoryMb: env.AGENT_MAX_MEMORY_MB,
    agentMaxOutputBytes: env.AGENT_MAX_OUTPUT_BYTES,
    workerConcurrency: env.WORKER_CONCURRENCY,
    workerPools: env.WORKER_POOLS.map((pool) => ({ concurrency: env.WORKER_CONCURRENCY, ...pool })),
    /** Over all workers, unlike the slots of `workerPools`. */
    poolLimits: env.POOL_LIMITS,
    /** How long a stop waits for what runs. */
    drainSeconds: env.DRAIN_SECONDS,
    logLevel: env.LOG_LEVEL,
    logAgentIo: env.LOG_AGENT_IO,
    authTokens: env.AUTH_TOKENS,
    authAnonymousScope: env.AUTH_ANONYMOUS_SCOPE,
    /** Per principal; 0 is off, and it is off as long as no token exists. */
    rateLimitPerSecond: env.RATE_LIMIT_PER_SECOND,
    /** Per address, in requests a second; 0 is off, and it is off as long as no token exists. */
    rateLimitPerAddress: env.RATE_LIMIT_PER_ADDRESS,
    /** What may be open or stored, where a project has no limits of its own; 0 is none. */
    limits: {
      projectMaxOpenRuns: env.PROJECT_MAX_OPEN_RUNS,
      principalMaxOpenRuns: env.PRINCIPAL_MAX_OPEN_RUNS,
      projectMaxWorkflows: env.PROJECT_MAX_WORKFLOWS,
    },
    /** How many proxies stand in front: that many entries of X-Forwarded-For are believed. */
    trustProxy: env.TRUST_PROXY,
    tls:
      env.TLS_CERT && env.TLS_KEY
        ? { certFile: resolve(cwd, env.TLS_CERT), keyFile: resolve(cwd, env.TLS_KEY) }
        : undefined,
    /** Where people reach the API, without a slash at its end. */
    publicUrl: (env.PUBLIC_URL ?? localAddress(env)).replace(/\/+$/, ''),
    /** What links for decisions are signed with; without one there are none. */
    approvalLinkKey: env.APPROVAL_LINK_KEY,
    /** What stored secrets are sealed with: the first; all open. */
    secretsKeys: env.SECRETS_KEYS,
    secretsDir: env.SECRETS_DIR === undefined ? undefined : resolve(cwd, env.SECRETS_DIR),
    secretsPolicy: env.SECRETS_POLICY,
    oidc:
      env.OIDC_ISSUER && env.OIDC_CLIENT_ID
        ? {
            issuer: env.OIDC_ISSUER,
            clientId: env.OIDC_CLIENT_ID,
            clientSecret: env.OIDC_CLIENT_SECRET,
            /** Hosts of the provider that may have private addresses. */
            privateHosts: env.OIDC_PRIVATE_HOSTS,
            scopes: env.OIDC_SCOPES,
            scopeClaim: env.OIDC_SCOPE_CLAIM,
            scopeMap: env.OIDC_SCOPE_MAP,
          }
        : undefined,
    alertmanagerUrl: env.ALERTMANAGER_URL,
    otelEndpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT,
    /** Where people look at a trace; `{traceId}` in it stands for the trace. */
    traceUrl: env.TRACE_URL,
    /** Ended runs older than this are deleted; 0 keeps them. */
    retentionDays: env.RETENTION_DAYS,
    /** The days of each status that a run can end with; 0 keeps them. */
    retention: (['SUCCESS', 'FAILED', 'CANCELLED'] as const).map((status) => ({
      status,
      days: env.RETENTION_BY_STATUS.find(({ name }) => name === status)?.days ?? env.RETENTION_DAYS,
    })),
    production: env.NODE_ENV === 'production',
    failAt: env.FAIL_AT,
  };
}

function localAddress({ TLS_CERT, HOST, PORT }: Environment): string {
  return `${TLS_CERT ? 'https' : 'http'}://${HOST.includes(':') ? `[${HOST}]` : HOST}:${PORT}`;
}

function onlySet(env: NodeJS.ProcessEnv): Partial<Record<EnvironmentName, string>> {
  const set = ENVIRONMENT_NAMES.flatMap((name) => (env[name] ? [[name, env[name]] as const] : []));
  return Object.fromEntries(set);
}

/** The first refusal of each variable: a list of tokens with three wrong ones is still one line. */
function refusals(error: z.ZodError, env: Partial<Record<EnvironmentName, string>>): Problem[] {
  const byName = new Map<EnvironmentName, string>();
  for (const issue of error.issues) {
    const name = issue.path[0] as EnvironmentName;
    if (!byName.has(name)) byName.set(name, issue.message);
  }
  return [...byName].map(([name, message]) => ({ path: name, message: explain(name, message, env[name]) }));
}

function explain(name: EnvironmentName, message: string, value: string | undefined): string {
  const { example, secret } = describeVariable(name);
  const got = secret || value === undefined ? '' : `, not ${JSON.stringify(value)}`;
  return `${message}${got}; for example ${name}=${example}`;
}

/** What no variable can be blamed for alone. */
function contradictions(env: Environment): Problem[] {
  const problems: Problem[] = [];
  if (!env.TLS_CERT !== !env.TLS_KEY) {
    const missing = env.TLS_CERT ? 'TLS_KEY' : 'TLS_CERT';
    problems.push({
      path: missing,
      message: explain(missing, 'is needed beside the other half of the pair', undefined),
    });
  }
  if (env.OIDC_ISSUER && !env.OIDC_CLIENT_ID) {
    problems.push({
      path: 'OIDC_CLIENT_ID',
      message: explain('OIDC_CLIENT_ID', 'is needed beside OIDC_ISSUER', undefined),
    });
  }
  problems.push(...weakTokens(env));
  if (env.FAIL_AT && env.NODE_ENV === 'production') {
    problems.push({
      path: 'FAIL_AT',
      message: 'breaks the process on purpose and is refused with NODE_ENV=production; unset it',
    });
  }
  return problems;
}

/** Strangers guess in production; elsewhere a short token is at most a bad habit, which the log names. */
function weakTokens({ AUTH_TOKENS, NODE_ENV }: Environment): Problem[] {
  if (NODE_ENV !== 'production') return [];
  return AUTH_TOKENS.flatMap(({ name, token }) => {
    const weakness = tokenWeakness(token);
    const message = `has a token "${name}" that ${weakness ?? ''}: take a random one, for example from openssl rand -hex 32`;
    return weakness === null ? [] : [{ path: 'AUTH_TOKENS', message }];
  });
}

function invalid(problems: readonly Problem[]): AppError {
  const lines = problems.map(({ path, message }) => `  ${path} ${message}`);
  return new AppError('INVALID_INPUT', ['The configuration is wrong:', ...lines].join('\n'), { problems });
}

function deepFreeze<T extends object>(value: T): Readonly<T> {
  for (const inner of Object.values(value))
    if (typeof inner === 'object' && inner !== null) deepFreeze(inner as object);
  return Object.freeze(value);
}
