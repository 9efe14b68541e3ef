import type { Context, Middleware } from 'koa';
import { AppError } from '../../contracts/errors.ts';
import type { Logger } from '../../platform/log.ts';
import { toAppError } from '../../sql/errors.ts';
import { loginPage, wantsPage } from '../console/login-page.ts';
import { PROBLEM_TYPE, problemOf } from '../problem.ts';
import { requestIdOf } from './request-id.ts';

/**
 * The one place where errors become answers: problem+json, and the login page for a browser without a session.
 * @param openId whether that page offers a provider
 */
export function problems(log: Logger, openId = false): Middleware {
  return async (ctx, next) => {
    try {
      await next();
    } catch (thrown) {
      const error = toAppError(thrown);
      answer(ctx, error, openId);
      report(log, ctx, error);
    }
  };
}

function answer(ctx: Context, error: unknown, openId: boolean): void {
  const problem = problemOf(error, requestIdOf(ctx));
  ctx.status = problem.status;
  if (problem.status === 503) ctx.set('Retry-After', '1');
  if (problem.status === 401 && wantsPage(ctx)) {
    loginPage(ctx, { openId });
    return;
  }
  ctx.body = JSON.stringify(problem);
  ctx.set('Content-Type', PROBLEM_TYPE);
  ctx.set('Cache-Control', 'no-store');
}

function report(log: Logger, ctx: Context, error: unknown): void {
  if (error instanceof AppError && error.status < 500) return;
  const line = { err: error, requestId: requestIdOf(ctx), method: ctx.method, path: ctx.path };
  if (error instanceof AppError && error.status === 503) log.warn(line, 'a request had to be refused');
  else log.error(line, 'a request failed');
}
