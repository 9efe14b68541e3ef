import { randomBytes } from 'node:crypto';
import { hashSecret } from '../../platform/hash-secret.ts';

export interface FreshSecret {
  /** Shown once. */
  readonly secret: string;
  readonly hash: Buffer;
  /** The first characters, to tell secrets apart in a list. */
  readonly hint: string;
}

/** A new secret of 32 random bytes; `prefix` tells people and scanners what they have found. */
export function freshSecret(prefix: string): FreshSecret {
  const secret = `${prefix}_${randomBytes(32).toString('base64url')}`;
  return { secret, hash: hashSecret(secret), hint: `${secret.slice(0, prefix.length + 5)}…` };
}
