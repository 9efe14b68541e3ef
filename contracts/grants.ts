import type { Scope } from './scopes.ts';

/** Which scopes may do what asks for a scope. docs/SCOPES.md shows the same table; a test compares. */
export const GRANTED_TO: Readonly<Record<Scope, readonly Scope[]>> = {
  viewer: ['viewer', 'operator', 'approver', 'admin'],
  operator: ['operator', 'admin'],
  approver: ['approver', 'admin'],
  webhook: ['webhook', 'operator', 'admin'],
  metrics: ['metrics', 'viewer', 'operator', 'approver', 'admin'],
  admin: ['admin'],
};
