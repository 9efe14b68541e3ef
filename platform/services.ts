import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../contracts/errors.ts';
import type { Config } from './config.ts';
import type { Service } from './lifecycle.ts';
import type { Logger } from './log.ts';
import type { QueueSettings } from './queues.ts';
import { findBinary, programFolders, type ProgramSources } from './services/binaries.ts';
import { localPostgres } from './services/local-postgres.ts';
import { configured, runLocally, type LocalContext, type ResolvedService } from './services/local-service.ts';
import { natsProgram, natsUrl } from './services/nats-server.ts';
import { readOrMakePassword } from './services/password.ts';
import { redisProgram, redisUrl } from './services/redis.ts';

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
 *   `production` and an address is missing
 */
export async function resolveServices(
  config: ServiceConfig,
  log: Logger,
  sources?: ProgramSources,
): Promise<ResolvedServices> {
  if (config.production) requireAddresses(config);
  const root = join(config.dataDir, 'services');
  await mkdir(root, { recursive: true });
  const context = {
    root,
    log,
    password: await readOrMakePassword(join(root, 'password')),
    sources: sources ?? { folders: await programFolders(process.env['PATH'] ?? ''), npm: true },
  };

  const [postgres, redis, nats] = await allOrNone([
    findPostgres(config, context),
    findRedis(config, context),
    findNats(config, context),
  ]);
  if (!postgres) throw await withoutPostgres([redis, nats]);

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

async function findPostgres(
  { databaseUrl }: ServiceConfig,
  context: LocalContext,
): Promise<ResolvedService | undefined> {
  return databaseUrl === undefined ? localPostgres(context) : configured('postgres', 'DATABASE_URL', databaseUrl);
}

async function findRedis(
  { redisUrl: url }: ServiceConfig,
  context: LocalContext,
): Promise<ResolvedService | undefined> {
  if (url !== undefined) return configured('redis', 'REDIS_URL', url);
  const binary = await findBinary(['redis-server', 'valkey-server'], context.sources.folders);
  if (!binary) return undefined;
  const home = { file: binary.path, folder: join(context.root, 'redis'), password: context.password };
  return runLocally(context, redisProgram(home), {
    url: (port) => redisUrl(home, port),
    version: binary.version,
    from: binary.path,
  });
}

async function findNats({ natsUrl: url }: ServiceConfig, context: LocalContext): Promise<ResolvedService | undefined> {
  if (url !== undefined) return configured('nats', 'NATS_URL', url);
  const binary = await findBinary(['nats-server'], context.sources.folders);
  if (!binary) return undefined;
  const home = { file: binary.path, folder: join(context.root, 'nats'), password: context.password };
  return runLocally(context, natsProgram(home, context.log), {
    url: (port) => natsUrl(home, port),
    version: binary.version,
    from: binary.path,
  });
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

async function stopAll(found: readonly (ResolvedService | undefined)[]): Promise<void> {
  await Promise.allSettled(found.map((one) => one?.service?.stop(5_000)));
}
