import type { Invariant } from './invariant.ts';

export const answersAreCommitted: Invariant = {
  id: 'I2',
  promise: 'a 2xx answer means that the run is committed',
  check({ answers, runs }) {
    const stored = new Set(runs.map(({ id }) => id));
    return answers.flatMap(({ kind, key, status, runId }) =>
      kind === 'trigger' && status >= 200 && status < 300 && !stored.has(runId ?? '')
        ? [{ message: `key ${key} was answered with ${status} and run ${runId ?? 'none'}, which does not exist` }]
        : [],
    );
  },
};
