import type { Context } from 'koa';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { AppError } from '../../contracts/errors.ts';
import type { Principal } from './principal.ts';

/** Refused logins of one address in a second: guessing a token of 256 bits stays hopeless, and cheap to refuse. */
const MOST_FAILURES_PER_SECOND = 100;

export interface RateLimits {
  /** Counts a request of a principal. @throws AppError RATE_LIMITED */
  request(ctx: Context, principal: Principal): Promise<void>;
  /** Counts a request without a valid token. @throws AppError RATE_LIMITED */
  failure(ctx: Context): Promise<void>;
}

/** Counts in memory, hence per replica. `perSecond` 0 is off. */
export function createRateLimits(perSecond: number): RateLimits {
  const requests = perSecond > 0 ? new RateLimiterMemory({ points: perSecond, duration: 1 }) : undefined;
  const failures = new RateLimiterMemory({ points: MOST_FAILURES_PER_SECOND, duration: 1 });
  return {
    request: (ctx, { via, name }) => (requests ? consume(requests, ctx, `${via}:${name}`) : Promise.resolve()),
    failure: (ctx) => consume(failures, ctx, ctx.ip),
  };
}

async function consume(limiter: RateLimiterMemory, ctx: Context, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    const seconds = Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
    ctx.set('Retry-After', String(seconds));
    throw new AppError(
      'RATE_LIMITED',
      `More than ${String(limiter.points)} requests in a second: slow down and try again.`,
    );
  }
}
