import { outcomesByKey } from '../outcome.ts';
import type { Invariant } from './invariant.ts';

export const sameAsTwin: Invariant = {
  id: 'I14',
  promise: 'a run has the outcome of its fault-free twin',
  check(history) {
    if (!history.twin) return [];
    const outcomes = outcomesByKey(history);
    return Object.entries(history.twin).flatMap(([key, expected]) => {
      const mine = outcomes.get(key);
      if (mine === undefined || mine.outcome === expected) return [];
      return [{ runId: mine.runId, message: `key ${key} ended as ${mine.outcome}, its twin as ${expected}` }];
    });
  },
};
