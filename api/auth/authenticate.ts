import type { Context } from 'koa';
import { AppError } from '../../contracts/errors.ts';
import type { Config } from '../../platform/config.ts';
import { anonymousPrincipal } from './anonymous.ts';
import { requireOwnPage } from './hostile-page.ts';
import type { Principal } from './principal.ts';
import type { Sessions } from './sessions.ts';
import type { TokenDirectory } from './token-directory.ts';

/** Finds out who calls. @throws AppError UNAUTHENTICATED, or FORBIDDEN for the work of a hostile web page */
export type Authenticate = (ctx: Context) => Promise<Principal>;

interface Parts {
  readonly config: Pick<Config, 'authAnonymousScope'>;
  readonly directory: TokenDirectory;
  readonly sessions: Sessions;
}

const SAFE_METHODS = new Set(['GET', 'HEAD']);

/** A token in the Authorization header, else a session's cookie, else (while no token exists) nothing at all. */
export function createAuthenticate({ config, directory, sessions }: Parts): Authenticate {
  return async (ctx) => {
    const header = ctx.get('authorization');
    if (header !== '') return tokenPrincipal(ctx, directory, header);
    const session = await sessions.principal(ctx);
    if (session) {
      if (!SAFE_METHODS.has(ctx.method)) requireOwnPage(ctx);
      return session;
    }
    if (directory.required)
      throw unauthenticated(ctx, 'This needs a token: send it as "Authorization: Bearer <token>".');
    if (!directory.known) throw notKnownYet();
    const principal = anonymousPrincipal(ctx, config.authAnonymousScope);
    if (!principal)
      throw unauthenticated(
        ctx,
        'This needs a token, and none exists yet: set AUTH_TOKENS, or make one on the machine itself.',
      );
    return principal;
  };
}

function tokenPrincipal(ctx: Context, directory: TokenDirectory, header: string): Principal {
  const [, token] = /^Bearer ([^\s]{1,512})$/i.exec(header) ?? [];
  const credential = token === undefined ? undefined : directory.find(token);
  if (credential) return { name: credential.name, scope: credential.scope, via: 'token' };
  if (token !== undefined && !directory.known) throw notKnownYet();
  throw unauthenticated(ctx, 'The token is not valid: it is unknown, revoked or expired.');
}

function unauthenticated(ctx: Context, message: string): AppError {
  ctx.set('WWW-Authenticate', 'Bearer realm="commandcenter"');
  return new AppError('UNAUTHENTICATED', message);
}

function notKnownYet(): AppError {
  return new AppError(
    'DATABASE_UNAVAILABLE',
    'Who may call is kept in the database, which has not answered yet: try again in a moment.',
  );
}
