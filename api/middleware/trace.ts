import type { Middleware } from 'koa';
import type { Tracing } from '../../platform/telemetry.ts';

/** A span for each request, named by its route; it continues the caller's trace where there is one. */
export function traceRequests(tracing: Tracing): Middleware {
  return (ctx, next) => {
    const traceparent = ctx.get('traceparent');
    const settings = {
      kind: 'server' as const,
      attributes: { 'http.request.method': ctx.method },
      ...(traceparent !== '' && { traceparent }),
    };
    return tracing.span(ctx.method, settings, async (span) => {
      await next();
      const route = String(ctx.state.route ?? 'other');
      span.rename(`${ctx.method} ${route}`);
      span.set('http.route', route);
      span.set('http.response.status_code', ctx.status);
    });
  };
}
