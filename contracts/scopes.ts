/** What a token may do; who may use which route is a table of its own (api/auth/scopes.ts). */
export const SCOPES = ['viewer', 'operator', 'approver', 'webhook', 'metrics', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

export function isScope(value: string | undefined): value is Scope {
  return (SCOPES as readonly (string | undefined)[]).includes(value);
}
