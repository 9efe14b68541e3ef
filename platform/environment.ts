import { z } from 'zod';
import { isScope, SCOPES } from '../contracts/scopes.ts';
import { readRedisAddress } from './redis/address.ts';

/**
 * Every variable that the system reads, in the order of `.env.example`. `example` is what a refusal shows, `secret`
 * keeps the value out of the refusal. An empty value counts as not set, as `.env` files leave it.
 */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const TRUE = ['true', '1', 'yes', 'on'];
const FALSE = ['false', '0', 'no', 'off'];
const NAME = /^[a-z][a-z0-9-]{0,62}$/;

const integer = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be between ${String(min)} and ${String(max)}`);

const port = integer(0, 65_535);

const flag = z
  .string()
  .toLowerCase()
  .refine((value) => [...TRUE, ...FALSE].includes(value), 'must be true or false')
  .transform((value) => TRUE.includes(value));

const url = (...protocols: string[]) =>
  z.string().refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol), {
    message: `must be an address that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
  });

/** One server, sentinels or a cluster. */
const redisAddress = z.string().superRefine((value, context) => {
  try {
    readRedisAddress(value);
  } catch (error) {
    context.addIssue((error as Error).message);
  }
});

const list = (separator: string) =>
  z.string().transform((value) =>
    value
      .split(separator)
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  );

const oneOf = <const T extends readonly string[]>(values: T) =>
  z.enum(values, { error: `must be one of ${values.join(', ')}` });

const token = z.string().transform((entry, context) => {
  const [, name, scope, secret] = /^([^:]+):([^:]+):(.+)$/.exec(entry) ?? [];
  if (name !== undefined && secret !== undefined && isScope(scope)) return { name, scope, token: secret };
  context.addIssue(`must be name:scope:token, comma-separated, with a scope of ${SCOPES.join(', ')}`);
  return z.NEVER;
});

const KEY_BYTES = 32;

/** `k2:<base64 of 32 bytes>`: the first seals, all open. */
const sealingKey = z.string().transform((entry, context) => {
  const [, id, text = ''] = /^([A-Za-z0-9_-]{1,32}):([A-Za-z0-9+/_-]+=?)$/.exec(entry) ?? [];
  if (id !== undefined && Buffer.from(text, 'base64').length === KEY_BYTES) return { id, key: text };
  context.addIssue('must be id:key, comma-separated, each key 32 bytes in base64, as openssl rand -base64 32 prints');
  return z.NEVER;
});

/** `SLACK_URL:notifier|reporter`: who is given a secret of the environment or of SECRETS_DIR. */
const secretPolicy = z.string().transform((entry, context) => {
  const [, name, agents = ''] = /^([A-Za-z_][A-Za-z0-9_]{0,127}):([a-z0-9|-]*)$/.exec(entry) ?? [];
  if (name !== undefined) return { name, agents: agents.split('|').filter((agent) => agent !== '') };
  context.addIssue('must be SECRET:agent|agent, comma-separated');
  return z.NEVER;
});

/** `platform-team:admin`: what a value of the claim OIDC_SCOPE_CLAIM may do here. */
const role = z.string().transform((entry, context) => {
  const [, name, scope] = /^(.+):([a-z]+)$/.exec(entry) ?? [];
  if (name !== undefined && isScope(scope)) return { name, scope };
  context.addIssue(`must be value:scope, comma-separated, with a scope of ${SCOPES.join(', ')}`);
  return z.NEVER;
});

/** `gpu:2` is the pool gpu with two slots of its own, `gpu` alone has WORKER_CONCURRENCY slots. */
const pool = z.string().transform((entry, context) => {
  const [name = '', slots] = entry.split(':');
  if (NAME.test(name) && (slots === undefined || /^[1-9]\d{0,3}$/.test(slots))) {
    return slots === undefined ? { name } : { name, concurrency: Number(slots) };
  }
  context.addIssue('must be pool names, comma-separated, each with its number of slots after a colon if it differs');
  return z.NEVER;
});

/** `gpu:4`: at most four nodes of the pool at once, over all workers; `gpu:0` lifts the limit. */
const poolLimit = z.string().transform((entry, context) => {
  const [, name, most] = /^([a-z][a-z0-9-]{0,62}):(0|[1-9]\d{0,4})$/.exec(entry) ?? [];
  if (name !== undefined && most !== undefined) return { name, maxConcurrent: Number(most) };
  context.addIssue(
    'must be name:number, comma-separated: a pool and how many of its nodes run at once over all workers',
  );
  return z.NEVER;
});

const ENDS = ['SUCCESS', 'FAILED', 'CANCELLED'] as const;
type End = (typeof ENDS)[number];

/** `FAILED:90`: failed runs are kept for 90 days, whatever RETENTION_DAYS says of the others. */
const retention = z.string().transform((entry, context) => {
  const [, name, days] = /^([A-Z]+):(\d{1,5})$/.exec(entry) ?? [];
  const status = ENDS.find((end): end is End => end === name);
  if (status !== undefined && Number(days) <= 36_500) return { name: status, days: Number(days) };
  context.addIssue(`must be status:days, comma-separated, with a status of ${ENDS.join(', ')} and at most 36500 days`);
  return z.NEVER;
});

function isDuplicateFree(entries: readonly { name: string }[]): boolean {
  return new Set(entries.map(({ name }) => name)).size === entries.length;
}

export const environmentSchema = z.object({
  DATABASE_URL: url('postgres:', 'postgresql:')
    .optional()
    .meta({ example: 'postgresql://user:password@localhost:5432/orchestration?connection_limit=10', secret: true }),
  REDIS_URL: redisAddress.optional().meta({ example: 'redis://localhost:6379', secret: true }),
  NATS_URL: url('nats:', 'tls:').optional().meta({ example: 'nats://localhost:4222', secret: true }),

  PORT: port.prefault('9002').meta({ example: '9002' }),
  METRICS_PORT: port.optional().meta({ example: '9102' }),
  HOST: z.string().prefault('127.0.0.1').meta({ example: '127.0.0.1' }),
  DATA_DIR: z.string().prefault('.orchestration').meta({ example: '.orchestration' }),

  AGENT_EXECUTOR: oneOf(['process', 'dagger']).prefault('process').meta({ example: 'process' }),
  AGENTS_DIR: z.string().prefault('agents').meta({ example: 'agents' }),
  AGENT_IMAGE_SOURCES: list(',').prefault('').meta({ example: 'registry.example.com/agents' }),
  WORKSPACE_ROOTS: list(':').prefault('.').meta({ example: '/workspace:/srv/repositories' }),
  AGENT_TIMEOUT_SECONDS: integer(1, 86_400).prefault('300').meta({ example: '300' }),
  AGENT_MAX_MEMORY_MB: integer(64, 1_048_576).prefault('512').meta({ example: '512' }),
  AGENT_MAX_OUTPUT_BYTES: integer(1_024, 1_073_741_824).prefault('16777216').meta({ example: '16777216' }),

  WORKER_CONCURRENCY: integer(1, 1_000).prefault('10').meta({ example: '10' }),
  WORKER_POOLS: list(',')
    .pipe(z.array(pool).nonempty('must name at least one pool').refine(isDuplicateFree, 'must name each pool once'))
    .prefault('default')
    .meta({ example: 'default,gpu:2' }),
  POOL_LIMITS: list(',')
    .pipe(z.array(poolLimit).refine(isDuplicateFree, 'must name each pool once'))
    .prefault('')
    .meta({ example: 'gpu:4' }),
  DRAIN_SECONDS: integer(1, 86_400).prefault('30').meta({ example: '300' }),

  LOG_LEVEL: oneOf(LOG_LEVELS).prefault('info').meta({ example: 'info' }),
  LOG_AGENT_IO: flag.prefault('false').meta({ example: 'false' }),

  AUTH_TOKENS: list(',')
    .pipe(z.array(token).refine(isDuplicateFree, 'must give each token a name of its own'))
    .prefault('')
    .meta({ example: 'ci:operator:a-long-random-text', secret: true }),
  AUTH_ANONYMOUS_SCOPE: oneOf(SCOPES).optional().meta({ example: 'viewer' }),
  RATE_LIMIT_PER_SECOND: integer(0, 1_000_000).prefault('1000').meta({ example: '1000' }),
  RATE_LIMIT_PER_ADDRESS: integer(0, 1_000_000).prefault('5000').meta({ example: '5000' }),
  PROJECT_MAX_OPEN_RUNS: integer(0, 10_000_000).prefault('100000').meta({ example: '100000' }),
  PRINCIPAL_MAX_OPEN_RUNS: integer(0, 10_000_000).prefault('100000').meta({ example: '100000' }),
  PROJECT_MAX_WORKFLOWS: integer(0, 10_000_000).prefault('10000').meta({ example: '10000' }),
  TRUST_PROXY: z
    .union([integer(0, 10), flag.transform(Number)], { error: 'must be the number of proxies in front, true or false' })
    .prefault('0')
    .meta({ example: '1' }),
  TLS_CERT: z.string().optional().meta({ example: '/etc/commandcenter/tls.crt' }),
  TLS_KEY: z.string().optional().meta({ example: '/etc/commandcenter/tls.key' }),
  PUBLIC_URL: url('http:', 'https:').optional().meta({ example: 'https://ops.example.com' }),
  APPROVAL_LINK_KEY: z
    .string()
    .min(32, 'must have at least 32 characters')
    .optional()
    .meta({ example: 'what "openssl rand -hex 32" prints', secret: true }),
  SECRETS_KEYS: list(',')
    .pipe(
      z
        .array(sealingKey)
        .refine(
          (keys) => new Set(keys.map(({ id }) => id)).size === keys.length,
          'must give each key an id of its own',
        ),
    )
    .prefault('')
    .meta({ example: 'k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=', secret: true }),
  SECRETS_DIR: z.string().optional().meta({ example: '/run/secrets' }),
  SECRETS_POLICY: list(',')
    .pipe(z.array(secretPolicy).refine(isDuplicateFree, 'must name each secret once'))
    .prefault('')
    .meta({ example: 'SLACK_URL:notifier,DEPLOY_KEY:kubernetes|shell' }),
  OIDC_ISSUER: url('https:', 'http:').optional().meta({ example: 'https://login.example.com' }),
  OIDC_CLIENT_ID: z.string().optional().meta({ example: 'commandcenter' }),
  OIDC_CLIENT_SECRET: z.string().optional().meta({ example: 'what the provider shows', secret: true }),
  OIDC_PRIVATE_HOSTS: list(',').prefault('').meta({ example: 'login.corp.example,10.1.2.3' }),
  OIDC_SCOPES: z.string().prefault('openid profile email').meta({ example: 'openid profile groups' }),
  OIDC_SCOPE_CLAIM: z.string().prefault('commandcenter_scope').meta({ example: 'groups' }),
  OIDC_SCOPE_MAP: list(',').pipe(z.array(role)).prefault('').meta({ example: 'platform-team:admin,staff:viewer' }),

  ALERTMANAGER_URL: url('http:', 'https:').optional().meta({ example: 'http://localhost:9093', secret: true }),
  OTEL_EXPORTER_OTLP_ENDPOINT: url('http:', 'https:').optional().meta({ example: 'http://localhost:4318' }),
  TRACE_URL: url('http:', 'https:')
    .refine((value) => value.includes('{traceId}'), 'must have {traceId} in it')
    .optional()
    .meta({ example: 'https://traces.example.com/trace/{traceId}' }),
  RETENTION_DAYS: integer(0, 36_500).prefault('30').meta({ example: '30' }),
  RETENTION_BY_STATUS: list(',')
    .pipe(z.array(retention).refine(isDuplicateFree, 'must name each status once'))
    .prefault('')
    .meta({ example: 'SUCCESS:7,FAILED:90' }),

  NODE_ENV: z.string().optional().meta({ example: 'production' }),
  FAIL_AT: z.string().optional().meta({ example: 'settle-committed:1:kill' }),
});

export type EnvironmentName = keyof z.infer<typeof environmentSchema>;
export const ENVIRONMENT_NAMES = Object.keys(environmentSchema.shape) as EnvironmentName[];

/** What is known of a variable beside its type. */
export function describeVariable(name: EnvironmentName): { example: string; secret: boolean } {
  const { example, secret } = environmentSchema.shape[name].meta() ?? {};
  return { example: typeof example === 'string' ? example : '', secret: secret === true };
}
