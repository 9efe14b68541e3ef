import { TERMINAL } from '../history/history.ts';
import type { Invariant } from './invariant.ts';

export const cleanRedis: Invariant = {
  id: 'I9',
  promise: 'when all runs are terminal Redis holds no job but the failed ones that are kept on purpose',
  check({ jobKeys, runs }) {
    const open = runs.filter(({ status }) => !TERMINAL.has(status));
    return open.length > 0 ? [] : jobKeys.map((key) => ({ message: `Redis still holds ${key}` }));
  },
};
