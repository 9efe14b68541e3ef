import { timingSafeEqual } from 'node:crypto';
import type { Config, Scope } from '../../platform/config.ts';
import { hashSecret } from '../../platform/hash-secret.ts';
import type { Hints } from '../../platform/hints.ts';
import type { Logger } from '../../platform/log.ts';
import type { Database } from '../../sql/pool.ts';
import { readable } from '../../sql/mended.ts';
import { listCredentials, markTokensUsed } from '../../sql/queries/tokens.ts';

/** A token that may be used. */
export interface Credential {
  readonly name: string;
  readonly scope: Scope;
  readonly hash: Buffer;
  /** Absent for the tokens of AUTH_TOKENS. */
  readonly id?: string;
  readonly expiresAt?: Date;
}

/**
 * The tokens, in memory: checking a caller costs no query. Other replicas hear of a change through a hint, and within two
 * seconds without it.
 */
export interface TokenDirectory {
  /** False until the stored tokens were read once: nobody can be let in without one until then. */
  readonly known: boolean;
  /** True where people log in at a provider, and as soon as one token exists, a revoked or expired one included: a service never becomes open again by itself. */
  readonly required: boolean;
  find(token: string): Credential | undefined;
  findByHash(hash: Buffer): Credential | undefined;
  /** Reads the stored tokens again and tells the other replicas to. */
  changed(): Promise<void>;
  start(): Promise<void>;
  stop(): void;
}

const REFRESH_MS = 2_000;
const CHANNEL = 'tokens';

interface Parts {
  readonly config: Pick<Config, 'authTokens' | 'oidc'>;
  readonly db: Database;
  readonly hints: Hints;
  readonly log: Logger;
}

export function createTokenDirectory({ config, db, hints, log }: Parts): TokenDirectory {
  const configured = new Map(
    config.authTokens.map(({ name, scope, token }): [string, Credential] => {
      const hash = hashSecret(token);
      return [hash.toString('hex'), { name, scope, hash }];
    }),
  );
  let stored = new Map<string, Credential>();
  let storedCount = 0;
  let known = false;
  let timer: NodeJS.Timeout | undefined;
  let unsubscribe = (): void => undefined;
  const used = new Set<string>();

  async function refresh(): Promise<void> {
    const rows = await listCredentials(db);
    storedCount = rows.length;
    stored = new Map(
      // one that cannot be read opens nothing, and still closes the service
      readable(rows)
        .filter(({ revokedAt }) => revokedAt === null)
        .map(({ id, name, scope, hash, expiresAt }) => [
          hash.toString('hex'),
          { id, name, scope, hash, ...(expiresAt && { expiresAt }) },
        ]),
    );
    known = true;
  }

  async function noteUse(): Promise<void> {
    if (used.size === 0) return;
    const ids = [...used];
    used.clear();
    await markTokensUsed(db, ids);
  }

  /** What was read last holds while Postgres is away. */
  const tick = (): Promise<void> =>
    refresh()
      .then(noteUse)
      .catch((error: unknown) => {
        log.debug({ cause: String(error) }, 'the tokens could not be read');
      });

  function findByHash(hash: Buffer): Credential | undefined {
    const key = hash.toString('hex');
    const credential = configured.get(key) ?? stored.get(key);
    if (!credential || !timingSafeEqual(credential.hash, hash)) return undefined;
    if (credential.expiresAt && credential.expiresAt.getTime() <= Date.now()) return undefined;
    if (credential.id !== undefined) used.add(credential.id);
    return credential;
  }

  return {
    get known() {
      return known;
    },
    get required() {
      return configured.size > 0 || storedCount > 0 || config.oidc !== undefined;
    },
    find: (token) => findByHash(hashSecret(token)),
    findByHash,
    async changed() {
      hints.publish(CHANNEL, {});
      await refresh();
    },
    async start() {
      unsubscribe = hints.subscribe(CHANNEL, () => void tick());
      await tick();
      timer = setInterval(() => void tick(), REFRESH_MS).unref();
    },
    stop() {
      unsubscribe();
      clearInterval(timer);
    },
  };
}
