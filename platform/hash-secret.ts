import { createHash } from 'node:crypto';

/** SHA-256: enough for secrets of 32 random bytes, which nobody can guess one by one. */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
