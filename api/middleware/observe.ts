import type { Middleware } from 'koa';
import type { Logger } from '../../platform/log.ts';
import type { Metrics } from '../../platform/metrics.ts';
import { requestIdOf } from './request-id.ts';

/** Times each request by its route's pattern, so that ids in paths do not make series of their own. */
export function observe(metrics: Metrics, log: Logger): Middleware {
  return async (ctx, next) => {
    const started = performance.now();
    try {
      await next();
    } finally {
      const ms = performance.now() - started;
      const route = String(ctx.state.route ?? 'other');
      metrics.httpRequestDurationSeconds.record({ route, method: ctx.method, status: String(ctx.status) }, ms / 1000);
      log.debug(
        { requestId: requestIdOf(ctx), method: ctx.method, route, status: ctx.status, ms: Math.round(ms) },
        'request',
      );
    }
  };
}
