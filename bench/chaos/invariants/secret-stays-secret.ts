import type { Invariant } from './invariant.ts';

export const secretStaysSecret: Invariant = {
  id: 'I15',
  promise: 'the canary secret is in no log, event, job, row or error',
  check: ({ exposures }) => exposures.map((place) => ({ message: `the canary secret is in ${place}` })),
};
