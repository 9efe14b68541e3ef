import { z } from 'zod';
import { AppError } from '../../contracts/errors.ts';
import * as query from '../../sql/queries/tokens.ts';
import { audit } from '../audit/audit.ts';
import { freshSecret } from '../auth/secret.ts';
import { time, timeParameter, uuid } from '../identifiers.ts';
import { defineRoute } from '../route.ts';
import { unreadableField } from '../unreadable.ts';
import { refuseWithoutAdmin } from './last-admin.ts';

const tag = 'Tokens';
const SCOPE = z.enum(['viewer', 'operator', 'approver', 'webhook', 'metrics', 'admin']);
const PREFIX = 'cc';

const tokenFields = {
  id: uuid,
  name: z.string(),
  scope: SCOPE,
  hint: z.string().describe('How the token begins'),
  createdBy: z.string().nullable(),
  createdAt: time,
  expiresAt: time.nullable(),
  rotatedAt: time.nullable(),
  lastUsedAt: time.nullable(),
  revokedAt: time.nullable(),
  revokedBy: z.string().nullable(),
  ...unreadableField,
};
const tokenSchema = z.strictObject(tokenFields).meta({ id: 'Token' });
const freshTokenSchema = z
  .strictObject({ ...tokenFields, token: z.string().describe('Shown this once: we keep its hash only') })
  .meta({ id: 'FreshToken' });

export const listTokens = defineRoute({
  id: 'listTokens',
  method: 'GET',
  path: '/api/tokens',
  scope: 'admin',
  tag,
  summary: 'The tokens made at run time',
  description: 'Without their secrets, and without those of AUTH_TOKENS. All of them: there are few.',
  responses: { 200: { description: 'Tokens, newest first', schema: z.array(tokenSchema) } },
  handle: async ({ api }) => ({ status: 200, body: (await query.listTokens(api.db)).map(presentToken) }),
});

export const createToken = defineRoute({
  id: 'createToken',
  method: 'POST',
  path: '/api/tokens',
  scope: 'admin',
  tag,
  summary: 'Make a token',
  description: 'With the first token every route but /health* asks for one; so the first must be an admin’s.',
  body: z.strictObject({
    name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._@-]{0,62}$/, 'A name has up to 63 letters, digits and ". _ @ -"'),
    scope: SCOPE,
    expiresAt: timeParameter.optional(),
  }),
  responses: {
    201: { description: 'The token, shown once', schema: freshTokenSchema },
    409: { description: 'The name is taken, or nobody would be admin' },
  },
  async handle({ body: { name, scope, expiresAt }, principal, api, ctx }) {
    if (expiresAt && expiresAt.getTime() <= Date.now()) throw pastExpiry();
    if (api.config.authTokens.some((token) => token.name === name))
      throw new AppError('CONFLICT', `AUTH_TOKENS has a token called ${name}.`);
    if (scope !== 'admin' || expiresAt) await refuseWithoutAdmin(api);
    const { secret, hash, hint } = freshSecret(PREFIX);
    const row = await api.db.transaction(async (db) => {
      const created = await query.insertToken(db, { name, scope, hash, hint, createdBy: principal.name, expiresAt });
      await audit(db, { ctx, principal }, { action: 'createToken', target: name, after: { id: created.id, scope } });
      return created;
    });
    await api.directory.changed();
    return { status: 201, body: { ...presentToken(row), token: secret }, headers: { 'Cache-Control': 'no-store' } };
  },
});

const tokenParams = z.strictObject({ id: uuid });

export const rotateToken = defineRoute({
  id: 'rotateToken',
  method: 'POST',
  path: '/api/tokens/:id/rotate',
  scope: 'admin',
  tag,
  summary: 'Give a token a new secret',
  description: 'The old one ends at once, and the sessions made with it.',
  params: tokenParams,
  body: z.strictObject({}).optional(),
  responses: { 200: { description: 'The token, shown once', schema: freshTokenSchema } },
  async handle({ params, principal, api, ctx }) {
    const { secret, hash, hint } = freshSecret(PREFIX);
    const row = await api.db.transaction(async (db) => {
      const rotated = await query.rotateToken(db, params.id, hash, hint);
      if (!rotated) throw noSuchToken(params.id);
      await audit(db, { ctx, principal }, { action: 'rotateToken', target: rotated.name });
      return rotated;
    });
    await api.directory.changed();
    return { status: 200, body: { ...presentToken(row), token: secret }, headers: { 'Cache-Control': 'no-store' } };
  },
});

export const revokeToken = defineRoute({
  id: 'revokeToken',
  method: 'DELETE',
  path: '/api/tokens/:id',
  scope: 'admin',
  tag,
  summary: 'Revoke a token',
  description: 'At once here, within two seconds on other replicas. It stays in the list, and its name stays taken.',
  params: tokenParams,
  responses: { 204: { description: 'Revoked' }, 409: { description: 'It is the last one of an admin' } },
  async handle({ params, principal, api, ctx }) {
    await refuseWithoutAdmin(api, params.id);
    await api.db.transaction(async (db) => {
      const revoked = await query.revokeToken(db, params.id, principal.name);
      if (!revoked) throw noSuchToken(params.id);
      await audit(
        db,
        { ctx, principal },
        { action: 'revokeToken', target: revoked.name, before: { scope: revoked.scope } },
      );
    });
    await api.directory.changed();
    return { status: 204 };
  },
});

function presentToken(row: query.TokenRow): z.output<typeof tokenSchema> {
  return {
    ...row,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    rotatedAt: row.rotatedAt?.toISOString() ?? null,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
  };
}

function noSuchToken(id: string): AppError {
  return new AppError('NOT_FOUND', `There is no token ${id}, or it is revoked`);
}

function pastExpiry(): AppError {
  return new AppError('INVALID_INPUT', 'The token would have expired already.', {
    problems: [{ path: 'expiresAt', message: 'Must be in the future' }],
  });
}
