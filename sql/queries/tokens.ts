import { sql } from 'slonik';
import { z } from 'zod';
import { mended } from '../mended.ts';
import type { Queryable } from '../pool.ts';

const tokenRow = z.object({
  id: z.string(),
  name: z.string(),
  scope: z.enum(['viewer', 'operator', 'approver', 'webhook', 'metrics', 'admin']),
  hint: z.string(),
  createdBy: z.string().nullable(),
  createdAt: z.date(),
  expiresAt: z.date().nullable(),
  rotatedAt: z.date().nullable(),
  lastUsedAt: z.date().nullable(),
  revokedAt: z.date().nullable(),
  revokedBy: z.string().nullable(),
});
const mendedToken = mended('token', tokenRow);
export type TokenRow = z.output<typeof mendedToken>;

const credential = mended(
  'token',
  z.object({
    id: z.string(),
    name: z.string(),
    scope: tokenRow.shape.scope,
    hash: z.instanceof(Buffer),
    expiresAt: z.date().nullable(),
    revokedAt: z.date().nullable(),
  }),
);
export type TokenCredential = z.output<typeof credential>;

const COLUMNS = sql.fragment`id, name, scope, hint, "createdBy", "createdAt", "expiresAt", "rotatedAt", "lastUsedAt", "revokedAt", "revokedBy"`;

/** Every token with its hash, the revoked ones too: what a process keeps in memory to check callers. */
export function listCredentials(db: Queryable): Promise<readonly TokenCredential[]> {
  return db.any(sql.type(credential)`SELECT id, name, scope, hash, "expiresAt", "revokedAt" FROM "ApiToken"`);
}

/** All tokens, newest first; without their hashes. */
export function listTokens(db: Queryable): Promise<readonly TokenRow[]> {
  return db.any(sql.type(mendedToken)`SELECT ${COLUMNS} FROM "ApiToken" ORDER BY "createdAt" DESC, id DESC`);
}

export interface NewToken {
  readonly name: string;
  readonly scope: TokenRow['scope'];
  readonly hash: Buffer;
  readonly hint: string;
  readonly createdBy: string;
  readonly expiresAt: Date | undefined;
}

/** @throws AppError CONFLICT when the name is taken. */
export function insertToken(db: Queryable, token: NewToken): Promise<TokenRow> {
  const expiresAt = token.expiresAt?.toISOString() ?? null;
  return db.one(sql.type(mendedToken)`
    INSERT INTO "ApiToken" (name, scope, hash, hint, "createdBy", "expiresAt")
    VALUES (${token.name}, ${token.scope}, ${sql.binary(token.hash)}, ${token.hint}, ${token.createdBy}, ${expiresAt})
    RETURNING ${COLUMNS}`);
}

/** Gives a token another secret; null when it is unknown or revoked. */
export function rotateToken(db: Queryable, id: string, hash: Buffer, hint: string): Promise<TokenRow | null> {
  return db.maybeOne(sql.type(mendedToken)`
    UPDATE "ApiToken" SET hash = ${sql.binary(hash)}, hint = ${hint}, "rotatedAt" = now()
    WHERE id = ${id} AND "revokedAt" IS NULL RETURNING ${COLUMNS}`);
}

/** Null when it is unknown or revoked already. */
export function revokeToken(db: Queryable, id: string, by: string): Promise<TokenRow | null> {
  return db.maybeOne(sql.type(mendedToken)`
    UPDATE "ApiToken" SET "revokedAt" = now(), "revokedBy" = ${by}
    WHERE id = ${id} AND "revokedAt" IS NULL RETURNING ${COLUMNS}`);
}

export async function markTokensUsed(db: Queryable, ids: readonly string[]): Promise<void> {
  await db.query(
    sql.unsafe`UPDATE "ApiToken" SET "lastUsedAt" = now() WHERE id = ANY (${sql.array([...ids], 'uuid')})`,
  );
}

/** Whom a session stands for: a token, or a person with a scope of their own. */
export interface SessionOwner {
  readonly tokenHash: Buffer | null;
  readonly scope: string | null;
  readonly principalName: string;
}

export interface NewSession extends SessionOwner {
  readonly hash: Buffer;
  readonly seconds: number;
}

/** Stores a login, and takes the occasion to delete those that ran out. */
export async function insertSession(db: Queryable, session: NewSession): Promise<void> {
  await db.query(sql.unsafe`
    WITH expired AS (DELETE FROM "Session" WHERE "expiresAt" < now())
    INSERT INTO "Session" (hash, "tokenHash", scope, "principalName", "expiresAt")
    VALUES (${sql.binary(session.hash)}, ${session.tokenHash && sql.binary(session.tokenHash)}, ${session.scope}, ${session.principalName},
      now() + ${session.seconds} * interval '1 second')`);
}

const sessionRow = z.object({
  tokenHash: z.instanceof(Buffer).nullable(),
  scope: z.string().nullable(),
  principalName: z.string(),
});

/** Null when there is none, or its time is over. */
export function findSession(db: Queryable, hash: Buffer): Promise<z.output<typeof sessionRow> | null> {
  return db.maybeOne(sql.type(sessionRow)`
    SELECT "tokenHash", scope, "principalName" FROM "Session" WHERE hash = ${sql.binary(hash)} AND "expiresAt" > now()`);
}

/** True where it stood for a person of the provider. */
export async function deleteSession(db: Queryable, hash: Buffer): Promise<boolean> {
  const isPerson = await db.maybeOneFirst(sql.type(z.object({ isPerson: z.boolean() }))`
    DELETE FROM "Session" WHERE hash = ${sql.binary(hash)} RETURNING scope IS NOT NULL AS "isPerson"`);
  return isPerson ?? false;
}
