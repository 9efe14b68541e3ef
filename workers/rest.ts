import type { Database } from '../sql/pool.ts';
import { isAtRest } from '../sql/queries/rest.ts';

/** At rest, too, everything is looked at this often: for what `isAtRest` does not know of. */
const LONGEST_REST_MS = 5000;

/** Tells a loop whether this round may leave out what only matters while something is under way. */
export function createRest(db: Database): () => Promise<boolean> {
  let lastRound = -Infinity;
  return async function mayRest() {
    const now = performance.now();
    if (now - lastRound < LONGEST_REST_MS && (await isAtRest(db))) return true;
    lastRound = now;
    return false;
  };
}
