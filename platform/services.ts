import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../contracts/errors.ts';
import type { Config } from './config.ts';
import type { Service } from './lifecycle.ts';
import type { Logger } from './log.ts';
import { isBehindPooler } from './pooler.ts';
import type { QueueSettings } from './queues.ts';
import { programFolders, type ProgramSources } from './services/binaries.ts';
import { localNats } from './services/local-nats.ts';
import { localPostgres } from './services/local-postgres.ts';
import { localRedis } from './services/local-redis.ts';
import { configured, type LocalContext, type ResolvedService } from './services/local-service.ts';
import { readOrMakePassword } from './services/password.ts';

export interface ResolvedServices {
  readonly databaseUrl: string;
  readonly queue: QueueSettings;
  readonly natsUrl: string | undefined;
  /** One line per service for the banner. */
  readonly lines: readonly string[];
  /** What was brought up, running already: to be stopped last. */
  readonly services: readonly Service[];
}

type ServiceConfig = Pick<Config, 'databaseUrl' | 'redisUrl' | 'natsUrl' | 'dataDir' | 'production'>;

const STOP_TIMEOUT_MS = 5_000;
const QUEUE_PREFIX = 'commandcenter';
const INSTALL = [
  '  Debian, Ubuntu  sudo apt-get install -y postgresql redis-server nats-server',
  '  macOS           brew install postgresql@17 redis nats-server',
  '  Docker          docker compose up -d postgres redis nats',
  '  elsewhere       set DATABASE_URL (and REDIS_URL, NATS_URL) to servers that run already',
];

/**
 * Finds or brings up what the service stands on, each in this order: the configured address (which is believed, never
 * replaced), a program of the machine, what npm ships. Servers of ours keep their data below `dataDir`.
 * @param sources where programs may come from; everywhere on this machine, then npm, without it
 * @throws AppError UNAVAILABLE when there is no Postgres or a server does not start, INVALID_INPUT when NODE_ENV is
 *   `production` and an address is missing, or when queues would have to go through a pooler
 */
export async function resolveServices(
  config: ServiceConfig,
  log: Logger,
  sources?: ProgramSources,
): Promise<ResolvedServices> {
  if (config.production) requireAddresses(config);
  const local = once(() => openLocal(join(config.dataDir, 'services'), log, sources));

  const [postgres, redis, nats] = await allOrNone([
    findPostgres(config, local),
    findRedis(config, local),
    findNats(config, local),
  ]);
  if (!postgres) throw await withoutPostgres([redis, nats]);
  if (!redis && isBehindPooler(new URL(postgres.url))) throw await queuesBehindPooler([postgres, nats]);

  return {
    databaseUrl: postgres.url,
    queue: redis
      ? { kind: 'redis', url: redis.url, prefix: QUEUE_PREFIX }
      : { kind: 'postgres', databaseUrl: postgres.url },
    natsUrl: nats?.url,
    lines: [
      postgres.line,
      redis?.line ??
        'queue in postgres (no redis-server found; for development, install redis-server for the speed of production)',
      nats?.line ?? 'nats off (no nats-server found; events stay in the outbox)',
    ],
    services: [postgres, redis, nats].flatMap((found) => found?.service ?? []),
  };
}

function requireAddresses(config: ServiceConfig): void {
  const addresses = { DATABASE_URL: config.databaseUrl, REDIS_URL: config.redisUrl, NATS_URL: config.natsUrl };
  const missing = Object.entries(addresses).filter(([, url]) => url === undefined);
  if (missing.length === 0) return;
  const names = missing.map(([name]) => name).join(', ');
  throw new AppError('INVALID_INPUT', `NODE_ENV=production brings up no servers of its own: set ${names}`, {
    problems: missing.map(([name]) => ({ path: name, message: 'is needed with NODE_ENV=production' })),
  });
}

/** Asked for only when something is to run here: with every address configured the data folder is not touched. */
type Local = () => Promise<LocalContext>;

async function openLocal(root: string, log: Logger, sources: ProgramSources | undefined): Promise<LocalContext> {
  await mkdir(root, { recursive: true });
  return {
    root,
    log,
    password: await readOrMakePassword(join(root, 'password')),
    sources: sources ?? { folders: await programFolders(process.env.PATH ?? ''), npm: true },
  };
}

async function findPostgres({ databaseUrl }: ServiceConfig, local: Local): Promise<ResolvedService | undefined> {
  return databaseUrl === undefined ? localPostgres(await local()) : configured('postgres', 'DATABASE_URL', databaseUrl);
}

async function findRedis({ redisUrl }: ServiceConfig, local: Local): Promise<ResolvedService | undefined> {
  return redisUrl === undefined ? localRedis(await local()) : configured('redis', 'REDIS_URL', redisUrl);
}

async function findNats({ natsUrl }: ServiceConfig, local: Local): Promise<ResolvedService | undefined> {
  return natsUrl === undefined ? localNats(await local()) : configured('nats', 'NATS_URL', natsUrl);
}

/** Brings up all at the same time; when one fails, stops the others and throws its error. */
async function allOrNone<const T extends readonly Promise<ResolvedService | undefined>[]>(
  starting: T,
): Promise<{ [K in keyof T]: Awaited<T[K]> }> {
  const outcomes = await Promise.allSettled(starting);
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  const found = outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : undefined));
  if (!failed) return found as { [K in keyof T]: Awaited<T[K]> };
  await stopAll(found);
  throw failed.reason;
}

async function withoutPostgres(others: readonly (ResolvedService | undefined)[]): Promise<AppError> {
  await stopAll(others);
  return new AppError(
    'UNAVAILABLE',
    ['No Postgres was configured, found on this machine or shipped by npm.', ...INSTALL].join('\n'),
  );
}

async function queuesBehindPooler(others: readonly (ResolvedService | undefined)[]): Promise<AppError> {
  await stopAll(others);
  return new AppError(
    'INVALID_INPUT',
    'DATABASE_URL leads through a pooler (pgbouncer=true), and queues in Postgres listen on connections of their own: ' +
      "set REDIS_URL, or give DATABASE_URL Postgres' own address.",
  );
}

async function stopAll(found: readonly (ResolvedService | undefined)[]): Promise<void> {
  await Promise.allSettled(found.map(async (one) => one?.service?.stop(STOP_TIMEOUT_MS)));
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
