import { randomUUID } from 'node:crypto';
import type { Context, Middleware } from 'koa';

const ACCEPTED = /^[\w.-]{1,64}$/;

/** The id under which the logs know a request: the caller's own where it sent a sensible one. */
export function requestId(): Middleware {
  return (ctx, next) => {
    const given = ctx.get('x-request-id');
    const id = ACCEPTED.test(given) ? given : randomUUID();
    ctx.state.requestId = id;
    ctx.set('X-Request-Id', id);
    return next();
  };
}

export function requestIdOf(ctx: Context): string {
  return String(ctx.state.requestId ?? '');
}
