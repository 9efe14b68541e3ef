import type { Context } from 'koa';
import type { Database } from '../../sql/pool.ts';
import { deleteSession, findSession, insertSession } from '../../sql/queries/tokens.ts';
import type { Principal } from './principal.ts';
import { hashSecret } from '../../platform/hash-secret.ts';
import { freshSecret } from './secret.ts';
import type { Credential, TokenDirectory } from './token-directory.ts';

export const SESSION_COOKIE = 'commandcenter_session';
const SESSION_SECONDS = 12 * 3600;

/** Logins of browsers. The cookie stands for the token it was made with, no longer than that token is good. */
export interface Sessions {
  /** Sets the cookie. */
  open(ctx: Context, credential: Credential): Promise<void>;
  /** Who the cookie stands for; undefined without one, or when it is over. */
  principal(ctx: Context): Promise<Principal | undefined>;
  /** Deletes the cookie, here and there. */
  close(ctx: Context): Promise<void>;
}

export function createSessions(db: Database, directory: TokenDirectory): Sessions {
  /** Secure where the browser came by https, be it to a proxy that TRUST_PROXY counts. */
  const optionsFor = ({ secure }: Context) =>
    ({ httpOnly: true, sameSite: 'strict', secure, path: '/', overwrite: true }) as const;
  return {
    async open(ctx, { hash: tokenHash, name }) {
      const { secret, hash } = freshSecret('ccs');
      await insertSession(db, { hash, tokenHash, principalName: name, seconds: SESSION_SECONDS });
      ctx.cookies.set(SESSION_COOKIE, secret, { ...optionsFor(ctx), maxAge: SESSION_SECONDS * 1000 });
    },
    async principal(ctx) {
      const cookie = ctx.cookies.get(SESSION_COOKIE);
      if (cookie === undefined) return undefined;
      const session = await findSession(db, hashSecret(cookie));
      const credential = session && directory.findByHash(session.tokenHash);
      return credential ? { name: credential.name, scope: credential.scope, via: 'session' } : undefined;
    },
    async close(ctx) {
      const cookie = ctx.cookies.get(SESSION_COOKIE);
      if (cookie !== undefined) await deleteSession(db, hashSecret(cookie));
      ctx.cookies.set(SESSION_COOKIE, null, optionsFor(ctx));
    },
  };
}
