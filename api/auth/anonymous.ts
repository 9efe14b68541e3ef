import type { Context } from 'koa';
import { isLoopback, type Scope } from '../../platform/config.ts';
import type { Principal } from './principal.ts';
import { refuseForeignHost, refuseForeignPage } from './hostile-page.ts';

const PROXY_HEADERS = ['x-forwarded-for', 'x-forwarded-host', 'forwarded', 'via', 'x-real-ip'];

/**
 * Who calls without a token, while no token exists: this machine is admin, anybody else what AUTH_ANONYMOUS_SCOPE says.
 * @throws AppError FORBIDDEN when the request looks like the work of a web page from elsewhere
 */
export function anonymousPrincipal(ctx: Context, anonymousScope: Scope | undefined): Principal | undefined {
  const local = isFromThisMachine(ctx);
  if (!local && anonymousScope === undefined) return undefined;
  refuseForeignHost(ctx, { localOnly: anonymousScope === undefined });
  refuseForeignPage(ctx);
  if (local && isLocalHost(ctx)) return { name: 'local', scope: 'admin', via: 'loopback' };
  return anonymousScope === undefined ? undefined : { name: 'anonymous', scope: anonymousScope, via: 'anonymous' };
}

/** A proxy on this machine connects from it, too: what it forwards comes from elsewhere. */
function isFromThisMachine(ctx: Context): boolean {
  if (PROXY_HEADERS.some((header) => ctx.get(header) !== '')) return false;
  return isLoopback((ctx.req.socket.remoteAddress ?? '').replace(/^::ffff:/, ''));
}

function isLocalHost(ctx: Context): boolean {
  return isLoopback(ctx.hostname);
}
