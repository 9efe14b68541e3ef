import { AppError } from '../../contracts/errors.ts';
import { listCredentials } from '../../sql/queries/tokens.ts';
import { readable } from '../../sql/mended.ts';
import type { Api } from '../api.ts';

/**
 * Since one token closes the service for callers without, there must always be an admin's that does not expire.
 * @param without the id of a token that is about to go
 * @throws AppError CONFLICT
 */
export async function refuseWithoutAdmin({ config, db }: Pick<Api, 'config' | 'db'>, without?: string): Promise<void> {
  if (config.authTokens.some(({ scope }) => scope === 'admin')) return;
  const stored = readable(await listCredentials(db));
  const isLasting = stored.some(
    ({ id, scope, revokedAt, expiresAt }) =>
      id !== without && scope === 'admin' && revokedAt === null && expiresAt === null,
  );
  const touchesAdmin = without === undefined || stored.some(({ id, scope }) => id === without && scope === 'admin');
  if (isLasting || !touchesAdmin) return;
  throw new AppError(
    'CONFLICT',
    'Nobody would be admin then: make a token with the scope admin and without an expiry first.',
  );
}
