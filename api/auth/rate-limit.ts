import type { Context } from 'koa';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { AppError } from '../../contracts/errors.ts';
import { addressOf, networkOf } from './network.ts';
import type { Principal } from './principal.ts';

/** Refused logins of one address in a second: guessing a token of 256 bits stays hopeless, and cheap to refuse. */
const MOST_FAILURES_PER_SECOND = 100;

export interface RateLimits {
  /** Counts a request of an address, whoever sends it. @throws AppError RATE_LIMITED */
  address(ctx: Context): Promise<void>;
  /** Counts a request of a principal. @throws AppError RATE_LIMITED */
  request(ctx: Context, principal: Principal): Promise<void>;
  /** Counts a request without a valid token. @throws AppError RATE_LIMITED */
  failure(ctx: Context): Promise<void>;
}

export interface RateSettings {
  /** Requests in a second; 0 is off. */
  readonly perPrincipal: number;
  readonly perAddress: number;
}

/** Counts in memory, hence per replica. */
export function createRateLimits({ perPrincipal, perAddress }: RateSettings): RateLimits {
  const [principals, addresses] = [limiterOf(perPrincipal), limiterOf(perAddress)];
  const failures = limiterOf(MOST_FAILURES_PER_SECOND);
  return {
    address: (ctx) => consume(addresses, ctx, networkOf(addressOf(ctx))),
    request: (ctx, { via, name }) => consume(principals, ctx, `${via}:${name}`),
    failure: (ctx) => consume(failures, ctx, networkOf(addressOf(ctx))),
  };
}

function limiterOf(perSecond: number): RateLimiterMemory | undefined {
  return perSecond > 0 ? new RateLimiterMemory({ points: perSecond, duration: 1 }) : undefined;
}

async function consume(limiter: RateLimiterMemory | undefined, ctx: Context, key: string): Promise<void> {
  if (limiter === undefined) return;
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
