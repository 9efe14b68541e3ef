import { GRANTED_TO } from '../../contracts/grants.ts';
import type { Scope } from '../../platform/config.ts';

/** What a route asks for: a scope, or nothing. */
export type RouteScope = Scope | 'public';

/** True when a caller with this scope may use a route that asks for `wanted`. */
export function allows(scope: Scope, wanted: RouteScope): boolean {
  return wanted === 'public' || GRANTED_TO[wanted].includes(scope);
}

export function grantedTo(wanted: RouteScope): readonly Scope[] {
  return wanted === 'public' ? [] : GRANTED_TO[wanted];
}
