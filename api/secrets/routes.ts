import { z } from 'zod';
import { AppError } from '../../contracts/errors.ts';
import { nameSchema, secretNameSchema } from '../../flows/names.ts';
import { seal, unseal } from '../../platform/sealing.ts';
import * as query from '../../sql/queries/secrets.ts';
import { audit } from '../audit/audit.ts';
import { time } from '../identifiers.ts';
import { defineRoute } from '../route.ts';

const tag = 'Secrets';
const LONGEST = 65_536;

const secretSchema = z
  .strictObject({
    name: z.string(),
    agents: z.array(z.string()).describe('Who is given it'),
    keyId: z.string().describe('The key of SECRETS_KEYS that it is sealed with'),
    createdBy: z.string(),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Secret' });

export const listSecrets = defineRoute({
  id: 'listSecrets',
  method: 'GET',
  path: '/api/secrets',
  scope: 'admin',
  tag,
  summary: 'The stored secrets of agents, by name',
  description:
    'Never what they hold, and without those of the environment and of SECRETS_DIR. All of them: there are few.',
  responses: { 200: { description: 'Secrets', schema: z.array(secretSchema) } },
  handle: async ({ api }) => ({ status: 200, body: (await query.listSecrets(api.db)).map(present) }),
});

const secretParams = z.strictObject({ name: secretNameSchema });

export const putSecret = defineRoute({
  id: 'putSecret',
  method: 'PUT',
  path: '/api/secrets/:name',
  scope: 'admin',
  tag,
  summary: 'Store a secret, or give it another value',
  description:
    'Sealed with the first key of SECRETS_KEYS. Only the named agents are given it, as a variable of that name.',
  params: secretParams,
  body: z.strictObject({
    value: z.string().min(1).max(LONGEST),
    agents: z.array(nameSchema).min(1).max(100),
  }),
  responses: {
    200: { description: 'The secret, without its value', schema: secretSchema },
    409: { description: 'There is no key: SECRETS_KEYS is not set' },
  },
  async handle({ params: { name }, body: { value, agents }, principal, api, ctx }) {
    const sealed = seal(api.config.secretsKeys, name, value);
    const row = await api.db.transaction(async (db) => {
      const stored = await query.putSecret(db, { name, agents, by: principal.name, ...sealed });
      await audit(
        db,
        { ctx, principal },
        { action: 'putSecret', target: name, after: { agents, keyId: sealed.keyId } },
      );
      return stored;
    });
    return { status: 200, body: present(row) };
  },
});

export const deleteSecret = defineRoute({
  id: 'deleteSecret',
  method: 'DELETE',
  path: '/api/secrets/:name',
  scope: 'admin',
  tag,
  summary: 'Delete a stored secret',
  params: secretParams,
  responses: { 204: { description: 'Deleted' } },
  async handle({ params: { name }, principal, api, ctx }) {
    await api.db.transaction(async (db) => {
      const deleted = await query.deleteSecret(db, name);
      if (!deleted) throw new AppError('NOT_FOUND', `There is no stored secret ${name}`);
      await audit(db, { ctx, principal }, { action: 'deleteSecret', target: name, before: { agents: deleted.agents } });
    });
    return { status: 204 };
  },
});

export const resealSecrets = defineRoute({
  id: 'resealSecrets',
  method: 'POST',
  path: '/api/secrets/reseal',
  scope: 'admin',
  tag,
  summary: 'Seal all stored secrets with the first key of SECRETS_KEYS',
  description: 'After a new key was put first. All or none; then the old key can be taken out of SECRETS_KEYS.',
  body: z.strictObject({}).optional(),
  responses: {
    200: { description: 'How many were sealed with another key', schema: z.strictObject({ resealed: z.int() }) },
    409: { description: 'There is no key' },
    503: { description: 'A key that is needed is missing, or a row was changed: nothing was written' },
  },
  async handle({ principal, api, ctx }) {
    const { secretsKeys: keys } = api.config;
    const keyId = keys[0]?.id;
    if (keyId === undefined) throw new AppError('CONFLICT', 'There is no key to seal secrets with: set SECRETS_KEYS.');
    const resealed = await api.db.transaction(async (db) => {
      const rows = await query.lockSealedOtherwise(db, keyId);
      for (const row of rows) await query.reseal(db, row.name, seal(keys, row.name, unseal(keys, row.name, row)));
      await audit(db, { ctx, principal }, { action: 'resealSecrets', target: keyId, after: { resealed: rows.length } });
      return rows.length;
    });
    return { status: 200, body: { resealed } };
  },
});

function present(row: query.SecretRow): z.output<typeof secretSchema> {
  return { ...row, createdAt: row.createdAt.toISOString(), updatedAt: row.updatedAt.toISOString() };
}
