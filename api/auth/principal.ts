import type { Decider } from '../../flows/approval-roles.ts';
import type { Scope } from '../../platform/config.ts';

/** Who is calling, and what they may do. */
export interface Principal {
  /** The token's name; `local` for a caller from this machine, `anonymous` for a stranger. */
  readonly name: string;
  readonly scope: Scope;
  readonly via: 'token' | 'session' | 'loopback' | 'anonymous';
}

/** True where a token says who it is: what a caller writes about itself then does not count. */
export function isNamed({ via }: Principal): boolean {
  return via === 'token' || via === 'session';
}

/** How the roles of an approval see a caller: only a name that a token vouches for counts. */
export function deciderOf(principal: Principal): Decider {
  const { scope, name } = principal;
  return isNamed(principal) ? { scope, name } : { scope };
}
