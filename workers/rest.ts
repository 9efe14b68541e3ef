import type { Database } from '../sql/pool.ts';
import { isAtRest } from '../sql/queries/rest.ts';

/** At rest, too, everything is looked at this often: for what `isAtRest` does not know of. */
const LONGEST_REST_MS = 30_000;
/** Several loops look each second; one answer serves them all. */
const FRESH_MS = 500;

/** For each loop: may this round leave out what only matters while something is under way? */
export interface Rest {
  forLoop(): () => Promise<boolean>;
}

export function createRest(db: Database): Rest {
  let asked = { at: -Infinity, answer: Promise.resolve(false) };

  function ask(now: number): Promise<boolean> {
    if (now - asked.at >= FRESH_MS) asked = { at: now, answer: isAtRest(db) };
    return asked.answer;
  }

  return {
    forLoop() {
      let lastRound = -Infinity;
      return async function mayRest() {
        const now = performance.now();
        if (now - lastRound < LONGEST_REST_MS && (await ask(now))) return true;
        lastRound = now;
        return false;
      };
    },
  };
}
