import { AppError } from '../contracts/errors.ts';
import { isBehindPooler } from '../platform/pooler.ts';

/** What a connection URL says about the pool, and the URL as the server's driver understands it. */
export interface ConnectionSettings {
  /** The URL without the parameters that only a pool understands. */
  readonly url: string;
  /** `?connection_limit=`: most connections of the pool. */
  readonly connectionLimit: number | undefined;
  /** `?pool_timeout=`: how long a caller waits for a connection; given in seconds, 0 waits for ever. */
  readonly poolTimeoutMs: number | undefined;
  /** See platform/pooler.ts. */
  readonly behindPooler: boolean;
}

const POOL_PARAMETERS = ['connection_limit', 'pool_timeout', 'pgbouncer', 'schema'] as const;

/**
 * Splits a database URL into what the pool and what the driver needs. The parameters mean what they mean to Prisma,
 * whose URLs operators already have.
 *
 * @throws AppError INVALID_INPUT for a malformed URL or a parameter that is no whole number in its range.
 */
export function readConnectionUrl(databaseUrl: string): ConnectionSettings {
  const url = parseUrl(databaseUrl);
  const connectionLimit = readNumber(url, 'connection_limit', 1);
  const poolTimeoutSeconds = readNumber(url, 'pool_timeout', 0);
  const behindPooler = isBehindPooler(url);
  for (const parameter of POOL_PARAMETERS) url.searchParams.delete(parameter);
  return {
    url: url.toString(),
    connectionLimit,
    poolTimeoutMs: poolTimeoutSeconds === undefined ? undefined : poolTimeoutSeconds * 1000,
    behindPooler,
  };
}

/** The same server, another database: for the maintenance connection that creates and drops databases. */
export function withDatabase(databaseUrl: string, database: string): string {
  const url = parseUrl(databaseUrl);
  url.pathname = `/${encodeURIComponent(database)}`;
  return url.toString();
}

function parseUrl(databaseUrl: string): URL {
  const url = URL.canParse(databaseUrl) ? new URL(databaseUrl) : undefined;
  if (url && ['postgres:', 'postgresql:'].includes(url.protocol)) return url;
  // The URL itself stays out of the message: it holds a password.
  throw new AppError(
    'INVALID_INPUT',
    'The database URL is not one: write postgres://user:password@host:5432/database.',
  );
}

function readNumber(url: URL, parameter: string, least: number): number | undefined {
  const text = url.searchParams.get(parameter);
  if (text === null) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && Number.isSafeInteger(value)) return value;
  throw new AppError(
    'INVALID_INPUT',
    `The database URL says ${parameter}=${text}: write a whole number from ${String(least)} on, e.g. ${parameter}=10.`,
  );
}
