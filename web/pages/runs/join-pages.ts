import type { Page } from '../../wire.ts';

interface Listed {
  readonly id: string;
  /** ISO 8601, as the service writes it: the same width for all. */
  readonly createdAt: string;
}

/**
 * The newest page, and behind it what is held that is older. Where they do not meet, more has come since than a page shows:
 * then the newest page stands alone, and the rest is read again.
 */
export function joinPages<T extends Listed>(newest: Page<T>, held: Page<T> | undefined): Page<T> {
  const seen = new Set(newest.rows.map(({ id }) => id));
  const last = newest.rows.at(-1);
  if (!held || !last || !held.rows.some(({ id }) => seen.has(id))) return newest;
  const older = held.rows.filter(({ id, createdAt }) => createdAt <= last.createdAt && !seen.has(id));
  return older.length > 0 ? { rows: [...newest.rows, ...older], cursor: held.cursor } : newest;
}
