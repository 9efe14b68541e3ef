import type { Router } from '@koa/router';
import type { Middleware } from 'koa';
import { AppError } from '../../contracts/errors.ts';
import { identify, type GuardParts } from './guard.ts';

/** For what no route took: strangers are not told what exists, others get 404, or 405 with the methods that would do. */
export function notFound(router: Router, parts: GuardParts): Middleware {
  return async (ctx) => {
    await identify(ctx, parts);
    const methods = [...new Set(router.match(ctx.path, ctx.method).path.flatMap(({ methods: those }) => those))];
    if (methods.length === 0)
      throw new AppError('NOT_FOUND', 'There is nothing at this address: GET /openapi.json lists what there is.');
    ctx.set('Allow', methods.join(', '));
    throw new AppError('METHOD_NOT_ALLOWED', `${ctx.method} is not possible here: use ${methods.join(', ')}.`);
  };
}
