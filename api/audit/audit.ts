import type { Context } from 'koa';
import type { Json } from '../../contracts/json.ts';
import type { Queryable } from '../../sql/pool.ts';
import { insertAuditEntry } from '../../sql/queries/audit.ts';
import { addressOf } from '../auth/network.ts';
import type { Principal } from '../auth/principal.ts';
import { requestIdOf } from '../middleware/request-id.ts';

export interface Change {
  /** The route's id. */
  readonly action: string;
  readonly target: string;
  readonly before?: Json;
  readonly after?: Json;
}

interface Who {
  readonly ctx: Context;
  readonly principal: Principal;
}

/**
 * Writes down who changed what. Starting runs is not among it: each run says itself who started it, and a row more per
 * trigger would cost the hottest path its speed.
 * @param db the transaction of the change, where there is one
 */
export function audit(db: Queryable, { ctx, principal }: Who, change: Change): Promise<void> {
  return insertAuditEntry(db, {
    ...change,
    actor: principal.name,
    scope: principal.scope,
    address: addressOf(ctx),
    requestId: requestIdOf(ctx),
  });
}
