import type { Database } from '../sql/pool.ts';
import { findStillness, type Stillness } from '../sql/queries/rest.ts';

/** At rest, too, everything is looked at this often: for what `findStillness` does not know of. */
const LONGEST_REST_MS = 30_000;
/** Several loops look each second; one answer serves them all. */
const FRESH_MS = 500;

/** For each loop: may this round leave out what only matters while something is under way, of runs or of the outbox? */
export interface Rest {
  forLoop(of: keyof Stillness): () => Promise<boolean>;
}

export function createRest(db: Database): Rest {
  let asked: { at: number; answer: Promise<Stillness> } | undefined;

  function ask(now: number): Promise<Stillness> {
    if (asked === undefined || now - asked.at >= FRESH_MS) asked = { at: now, answer: findStillness(db) };
    return asked.answer;
  }

  return {
    forLoop(of) {
      let lastRound = -Infinity;
      return async function mayRest() {
        const now = performance.now();
        if (now - lastRound < LONGEST_REST_MS && (await ask(now))[of]) return true;
        lastRound = now;
        return false;
      };
    },
  };
}
