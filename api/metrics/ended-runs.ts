import type { Queryable } from '../../sql/pool.ts';
import { listEndedSince, readClock, type EndedRunRow } from '../../sql/queries/measures.ts';

/** A run's end is written at the start of its transaction: one that commits late lies behind what was read before. */
const OVERLAP_MS = 15_000;
const MOST_AT_ONCE = 5_000;

/**
 * Gives each run that ends once, from the moment of the first reading on. From Postgres, not from hints, which may be
 * lost: a counter that misses failures is worse than none.
 */
export function createEndedRuns(db: Queryable): () => Promise<EndedRunRow[]> {
  let since: Date | undefined;
  let seen = new Map<string, number>();

  return async () => {
    if (!since) {
      since = await readClock(db);
      const before = await listEndedSince(db, new Date(since.getTime() - OVERLAP_MS), MOST_AT_ONCE);
      seen = new Map(before.map(({ id, finishedAt }) => [id, finishedAt.getTime()]));
      return [];
    }
    const from = new Date(since.getTime() - OVERLAP_MS);
    const rows = await listEndedSince(db, from, MOST_AT_ONCE);
    const fresh = rows.filter(({ id }) => !seen.has(id));
    for (const { id, finishedAt } of fresh) seen.set(id, finishedAt.getTime());
    const last = rows.at(-1)?.finishedAt;
    if (last && last > since) since = last;
    for (const [id, at] of seen) if (at < from.getTime() - OVERLAP_MS) seen.delete(id);
    return fresh;
  };
}
