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
