import { isScope } from '../contracts/scopes.ts';

/** Who decides, as their token says it. */
export interface Decider {
  readonly scope: string;
  /** Absent where nobody vouches for it: callers without a token name themselves. */
  readonly name?: string;
}

/**
 * May they decide an approval with these roles? A role is a scope (`approver`, `scope:approver`) or the name of a token
 * (`alice`, `name:alice`). A word that is a scope is never a name: a token that somebody called `admin` meets `name:admin` alone.
 * The scope `admin` may always, and anybody who may decide at all where there are no roles.
 */
export function mayDecide(roles: readonly string[], { scope, name }: Decider): boolean {
  if (roles.length === 0 || scope === 'admin') return true;
  return roles.some((role) => {
    const [, kind, value] = /^(scope|name):(.+)$/s.exec(role) ?? [undefined, isScope(role) ? 'scope' : 'name', role];
    return value === (kind === 'scope' ? scope : name);
  });
}
