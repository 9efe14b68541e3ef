import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { AppError } from '../contracts/errors.ts';

/** A key of SECRETS_KEYS: 32 bytes in base64 under a name. The first seals, all open. */
export interface SealingKey {
  readonly id: string;
  readonly key: string;
}

export interface Sealed {
  readonly keyId: string;
  readonly nonce: Buffer;
  /** The tag stands at its end. */
  readonly sealed: Buffer;
}

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals a text with the first key.
 * @param name is authenticated with it, so that no row can be given another's value
 * @throws AppError CONFLICT without a key
 */
export function seal(keys: readonly SealingKey[], name: string, text: string): Sealed {
  const [current] = keys;
  if (!current) throw new AppError('CONFLICT', 'There is no key to seal secrets with: set SECRETS_KEYS.');
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, Buffer.from(current.key, 'base64'), nonce).setAAD(Buffer.from(name));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return { keyId: current.id, nonce, sealed };
}

/** @throws AppError UNAVAILABLE when the key is missing, or the row is not what was sealed */
export function unseal(keys: readonly SealingKey[], name: string, { keyId, nonce, sealed }: Sealed): string {
  const known = keys.find(({ id }) => id === keyId);
  if (!known) throw new AppError('UNAVAILABLE', `Secret ${name} is sealed with key ${keyId}, which SECRETS_KEYS lacks`);
  try {
    const decipher = createDecipheriv(ALGORITHM, Buffer.from(known.key, 'base64'), nonce).setAAD(Buffer.from(name));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]).toString('utf8');
  } catch (error) {
    throw new AppError('UNAVAILABLE', `Secret ${name} cannot be opened with key ${keyId}: it was changed`, {
      cause: error,
    });
  }
}
