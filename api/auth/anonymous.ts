import type { Context } from 'koa';
import { isLoopback, type Scope } from '../../platform/config.ts';
import type { Principal } from './principal.ts';
import { refuseForeignHost, refuseForeignPage } from './hostile-page.ts';

/** What proxies and load balancers add, each its own. */
const PROXY_HEADER =
  /^(?:x-forwarded(?:-.+)?|forwarded|via|(?:x-|true-|cf-|fastly-|fly-)?(?:real|client|connecting|cluster-client)-ip|x-original-(?:host|url|forwarded-for)|x-envoy-.+)$/;

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
  if (Object.keys(ctx.req.headers).some((header) => PROXY_HEADER.test(header))) return false;
  return isLoopback((ctx.req.socket.remoteAddress ?? '').replace(/^::ffff:/, ''));
}

function isLocalHost(ctx: Context): boolean {
  return isLoopback(ctx.hostname);
}
