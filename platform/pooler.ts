/**
 * `?pgbouncer=true` in DATABASE_URL: connections change hands between transactions, so that nothing may be prepared on
 * them, set for a session or listened to.
 */
export function isBehindPooler(databaseUrl: URL): boolean {
  return databaseUrl.searchParams.get('pgbouncer') === 'true';
}
