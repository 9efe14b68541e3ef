import type { Scope } from '../../contracts/scopes.ts';
import { isScope } from '../../contracts/scopes.ts';

/** Somebody who logged in at the provider. */
export interface Person {
  /** `oidc:<name>`: never the name of a token, whoever chooses a name at the provider. */
  readonly name: string;
  readonly scope: PersonScope;
}

export type PersonScope = Extract<Scope, 'viewer' | 'operator' | 'approver' | 'admin'>;

/** Of several that somebody has, the first counts: a session has one. */
const SCOPES_OF_PEOPLE: readonly PersonScope[] = ['admin', 'operator', 'approver', 'viewer'];
const NAMES = ['preferred_username', 'email', 'sub'] as const;
// eslint-disable-next-line no-control-regex -- it is what we look for
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]|\p{Surrogate}/gu;

interface RoleRules {
  readonly scopeClaim: string;
  /** What a value of the claim means, beside the names of scopes themselves. */
  readonly scopeMap: readonly { readonly name: string; readonly scope: Scope }[];
}

/** Who the claims of an ID token speak of; null when they give no scope here. */
export function personOf(
  claims: Readonly<Record<string, unknown>>,
  { scopeClaim, scopeMap }: RoleRules,
): Person | null {
  const values = valuesOf(claims[scopeClaim]);
  const given = values.flatMap((value) => [
    value,
    ...scopeMap.filter(({ name }) => name === value).map(({ scope }) => scope),
  ]);
  const scope = SCOPES_OF_PEOPLE.find((each) => given.includes(each));
  const name = NAMES.map((claim) => claims[claim]).find((value) => typeof value === 'string' && value !== '') as
    string | undefined;
  if (scope === undefined || name === undefined) return null;
  return { name: `oidc:${name.replaceAll(UNPRINTABLE, '').slice(0, 200)}`, scope };
}

/** A claim is a text (several with spaces between) or a list of texts. */
function valuesOf(claim: unknown): string[] {
  if (typeof claim === 'string') return claim.split(' ');
  return Array.isArray(claim) ? claim.filter((value) => typeof value === 'string') : [];
}

/** A session's scope as it was stored. */
export function personScope(scope: string): PersonScope | undefined {
  return isScope(scope) ? SCOPES_OF_PEOPLE.find((each) => each === scope) : undefined;
}
