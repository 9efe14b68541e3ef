import type { Context } from 'koa';
import type { Database } from '../../sql/pool.ts';
import { deleteSession, findSession, insertSession, type SessionOwner } from '../../sql/queries/tokens.ts';
import { personScope, type Person } from './person.ts';
import type { Principal } from './principal.ts';
import { hashSecret } from '../../platform/hash-secret.ts';
import { freshSecret } from './secret.ts';
import type { Credential, TokenDirectory } from './token-directory.ts';

export const SESSION_COOKIE = 'commandcenter_session';
const SESSION_SECONDS = 12 * 3600;

/** Logins of browsers. The cookie stands for the token it was made with, no longer than that token is good, or for a
 * person of the provider. */
export interface Sessions {
  /** Sets the cookie. */
  open(ctx: Context, credential: Credential): Promise<void>;
  /** Sets it for somebody who has no token: the session carries the scope. */
  openFor(ctx: Context, person: Person): Promise<void>;
  /** Who the cookie stands for; undefined without one, or when it is over. */
  principal(ctx: Context): Promise<Principal | undefined>;
  /** Deletes the cookie, here and there. True where it stood for a person of the provider. */
  close(ctx: Context): Promise<boolean>;
}

export function createSessions(db: Database, directory: TokenDirectory): Sessions {
  /** Secure where the browser came by https, be it to a proxy that TRUST_PROXY counts. */
  const optionsFor = ({ secure }: Context) =>
    ({ httpOnly: true, sameSite: 'strict', secure, path: '/', overwrite: true }) as const;
  async function open(ctx: Context, owner: SessionOwner): Promise<void> {
    const { secret, hash } = freshSecret('ccs');
    await insertSession(db, { ...owner, hash, seconds: SESSION_SECONDS });
    ctx.cookies.set(SESSION_COOKIE, secret, { ...optionsFor(ctx), maxAge: SESSION_SECONDS * 1000 });
  }

  return {
    open: (ctx, { hash: tokenHash, name }) => open(ctx, { tokenHash, scope: null, principalName: name }),
    openFor: (ctx, { name, scope }) => open(ctx, { tokenHash: null, scope, principalName: name }),
    async principal(ctx) {
      const cookie = ctx.cookies.get(SESSION_COOKIE);
      if (cookie === undefined) return undefined;
      const session = await findSession(db, hashSecret(cookie));
      if (!session) return undefined;
      const { tokenHash, scope, principalName } = session;
      const own = scope === null ? undefined : personScope(scope);
      if (own) return { name: principalName, scope: own, via: 'session' };
      const credential = tokenHash === null ? undefined : directory.findByHash(tokenHash);
      return credential ? { name: credential.name, scope: credential.scope, via: 'session' } : undefined;
    },
    async close(ctx) {
      const cookie = ctx.cookies.get(SESSION_COOKIE);
      ctx.cookies.set(SESSION_COOKIE, null, optionsFor(ctx));
      return cookie === undefined ? false : deleteSession(db, hashSecret(cookie));
    },
  };
}
