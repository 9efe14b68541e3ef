import { timingSafeEqual } from 'node:crypto';
import { GRANTED_TO } from '../contracts/grants.ts';
import { hashSecret } from '../platform/hash-secret.ts';
import type { Config, Scope } from '../platform/config.ts';
import { readable } from '../sql/mended.ts';
import type { Queryable } from '../sql/pool.ts';
import { listCredentials } from '../sql/queries/tokens.ts';

/** 200 where the caller may read the metrics, else the status that says why not. */
export type ScrapeAccess = (authorization: string | undefined) => Promise<200 | 401 | 403 | 503>;

interface Credential {
  readonly scope: Scope;
  readonly hash: Buffer;
  readonly expiresAt?: Date | null;
}

/** A scrape comes every few seconds: it is no reason to read the tokens each time. */
const FRESH_MS = 2_000;

/**
 * Who may scrape a worker: as for the API's `/metrics`, everybody as long as there is no token, then those with a scope
 * that includes `metrics`. What was read last holds while Postgres is away.
 */
export function createScrapeAccess(
  { authTokens, oidc }: Pick<Config, 'authTokens' | 'oidc'>,
  db: Queryable,
): ScrapeAccess {
  const configured: Credential[] = authTokens.map(({ scope, token }) => ({ scope, hash: hashSecret(token) }));
  let stored: { readonly at: number; readonly required: boolean; readonly usable: readonly Credential[] } | undefined;

  async function refresh(): Promise<void> {
    if (stored && performance.now() - stored.at < FRESH_MS) return;
    const rows = await listCredentials(db).catch(() => undefined);
    if (!rows) return;
    const usable = readable(rows).filter(({ revokedAt }) => revokedAt === null);
    stored = { at: performance.now(), required: rows.length > 0, usable };
  }

  return async (authorization) => {
    await refresh();
    const isClosed = configured.length > 0 || oidc !== undefined;
    if (!isClosed && stored?.required === false) return 200;
    if (!isClosed && stored === undefined) return 503;
    const [, token] = /^Bearer ([^\s]{1,512})$/i.exec(authorization ?? '') ?? [];
    const hash = token === undefined ? undefined : hashSecret(token);
    const caller = hash && [...configured, ...(stored?.usable ?? [])].find((known) => isOf(known, hash));
    if (!caller) return 401;
    return GRANTED_TO.metrics.includes(caller.scope) ? 200 : 403;
  };
}

function isOf({ hash: known, expiresAt }: Credential, hash: Buffer): boolean {
  const isCurrent = !expiresAt || expiresAt.getTime() > Date.now();
  return isCurrent && known.length === hash.length && timingSafeEqual(known, hash);
}
