import type { Scope } from '../../platform/config.ts';

/** What a route asks for: a scope, or nothing. */
export type RouteScope = Scope | 'public';

/** Who may use a route of each scope. docs/API.md shows the same table; a test compares. */
const GRANTED_TO: Readonly<Record<Scope, readonly Scope[]>> = {
  viewer: ['viewer', 'operator', 'approver', 'admin'],
  operator: ['operator', 'admin'],
  approver: ['approver', 'admin'],
  webhook: ['webhook', 'operator', 'admin'],
  metrics: ['metrics', 'viewer', 'operator', 'approver', 'admin'],
  admin: ['admin'],
};

/** True when a caller with this scope may use a route that asks for `wanted`. */
export function allows(scope: Scope, wanted: RouteScope): boolean {
  return wanted === 'public' || GRANTED_TO[wanted].includes(scope);
}

export function grantedTo(wanted: RouteScope): readonly Scope[] {
  return wanted === 'public' ? [] : GRANTED_TO[wanted];
}
