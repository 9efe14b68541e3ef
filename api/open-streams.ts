import type { Context } from 'koa';
import { AppError } from '../contracts/errors.ts';
import type { Principal } from './auth/principal.ts';
import { goneSignal } from './gone.ts';

/** Each looks into Postgres twice a second; in one replica that is what a small pool bears. */
const MOST = { perPrincipal: 1_000, all: 2_000 };

/** Who follows a run or waits for its end, and holds a connection for as long. */
export interface OpenStreams {
  /**
   * Takes a place until the caller is gone.
   * @returns a signal that is aborted then, and when the service stops
   * @throws AppError RATE_LIMITED when the caller, or all together, hold too many
   */
  open(ctx: Context, principal: Principal): AbortSignal;
}

export function createOpenStreams(stopping: AbortSignal, most = MOST): OpenStreams {
  const held = new Map<string, number>();
  let all = 0;

  function change(key: string, by: 1 | -1): void {
    const count = (held.get(key) ?? 0) + by;
    if (count > 0) held.set(key, count);
    else held.delete(key);
    all += by;
  }

  return {
    open(ctx, { via, name }) {
      const key = `${via}:${name}`;
      if (all >= most.all || (held.get(key) ?? 0) >= most.perPrincipal) {
        ctx.set('Retry-After', '5');
        throw new AppError('RATE_LIMITED', 'Too many streams are open: close some, or follow fewer runs at once.');
      }
      change(key, 1);
      ctx.res.once('close', () => {
        change(key, -1);
      });
      return goneSignal(ctx, stopping);
    },
  };
}
