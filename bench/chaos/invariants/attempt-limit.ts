import type { Invariant } from './invariant.ts';

const LOST_BUDGET = 10;

export const attemptLimit: Invariant = {
  id: 'I12',
  promise: "attempts never exceed the node's limit and the budget for lost workers",
  check({ nodes }) {
    return nodes.flatMap(({ runId, nodeId, attempt, lostAttempts, attemptLimit: limit }) => {
      if (lostAttempts > LOST_BUDGET)
        return [{ runId, message: `node ${nodeId} lost ${lostAttempts} workers, ${LOST_BUDGET} are allowed` }];
      const own = attempt - lostAttempts;
      return own > limit
        ? [{ runId, message: `node ${nodeId} had ${own} attempts of its own, ${limit} are allowed` }]
        : [];
    });
  },
};
