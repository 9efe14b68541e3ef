import type { Middleware } from 'koa';
import type { GuardParts } from './guard.ts';
import type { Route } from '../route.ts';

/**
 * Before anything is looked up: no address has more than its share of the service, with however many tokens, or none. Not
 * counted are what AlertManager sends, since it gives up on 429, and what watches the service.
 */
export function limitAddresses(routes: readonly Route[], { api, limits }: GuardParts): Middleware {
  const free = new Set(routes.filter(isFree).map(({ path }) => path));
  return async (ctx, next) => {
    if (api.directory.required && !free.has(ctx.path)) await limits.address(ctx);
    await next();
  };
}

function isFree({ path, rateLimited }: Route): boolean {
  return rateLimited === false || path === '/metrics';
}
