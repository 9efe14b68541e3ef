import { createHash, randomBytes } from 'node:crypto';

/** SHA-256: enough for secrets of 32 random bytes, which nobody can guess one by one. */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

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
