import { sql } from 'slonik';
import { z } from 'zod';
import type { Sealed } from '../../platform/sealing.ts';
import type { Queryable } from '../pool.ts';
import { NO_ROWS } from '../no-rows.ts';

const secretRow = z.object({
  name: z.string(),
  keyId: z.string(),
  agents: z.array(z.string()),
  createdBy: z.string(),
  createdAt: z.date(),
  updatedAt: z.date(),
});
export type SecretRow = z.output<typeof secretRow>;

const sealedRow = z.object({
  name: z.string(),
  keyId: z.string(),
  nonce: z.instanceof(Buffer),
  sealed: z.instanceof(Buffer),
  agents: z.array(z.string()),
});
export type SealedSecret = z.output<typeof sealedRow>;

const COLUMNS = sql.fragment`name, "keyId", agents, "createdBy", "createdAt", "updatedAt"`;

/** By name; never with what they hold. */
export function listSecrets(db: Queryable): Promise<readonly SecretRow[]> {
  return db.any(sql.type(secretRow)`SELECT ${COLUMNS} FROM "Secret" ORDER BY name`);
}

export function findSealed(db: Queryable, names: readonly string[]): Promise<readonly SealedSecret[]> {
  return db.any(sql.type(sealedRow)`
    SELECT name, "keyId", nonce, sealed, agents FROM "Secret" WHERE name = ANY (${sql.array([...names], 'text')})`);
}

export interface NewSecret extends Sealed {
  readonly name: string;
  readonly agents: readonly string[];
  readonly by: string;
}

/** Stores a secret, or another value and other agents of one that is there. */
export function putSecret(db: Queryable, { name, keyId, nonce, sealed, agents, by }: NewSecret): Promise<SecretRow> {
  return db.one(sql.type(secretRow)`
    INSERT INTO "Secret" (name, "keyId", nonce, sealed, agents, "createdBy")
    VALUES (${name}, ${keyId}, ${sql.binary(nonce)}, ${sql.binary(sealed)}, ${sql.array([...agents], 'text')}, ${by})
    ON CONFLICT (name) DO UPDATE SET "keyId" = excluded."keyId", nonce = excluded.nonce, sealed = excluded.sealed,
      agents = excluded.agents, "updatedAt" = now()
    RETURNING ${COLUMNS}`);
}

/** Null when there was none. */
export function deleteSecret(db: Queryable, name: string): Promise<SecretRow | null> {
  return db.maybeOne(sql.type(secretRow)`DELETE FROM "Secret" WHERE name = ${name} RETURNING ${COLUMNS}`);
}

/** Those that are sealed with another key than this, locked until the transaction ends. */
export function lockSealedOtherwise(db: Queryable, keyId: string): Promise<readonly SealedSecret[]> {
  return db.any(sql.type(sealedRow)`
    SELECT name, "keyId", nonce, sealed, agents FROM "Secret" WHERE "keyId" <> ${keyId} ORDER BY name FOR UPDATE`);
}

export async function reseal(db: Queryable, name: string, { keyId, nonce, sealed }: Sealed): Promise<void> {
  await db.query(sql.type(NO_ROWS)`
    UPDATE "Secret" SET "keyId" = ${keyId}, nonce = ${sql.binary(nonce)}, sealed = ${sql.binary(sealed)} WHERE name = ${name}`);
}
