import type { Invariant } from './invariant.ts';

const UNSUCCESSFUL = new Set(['FAILED', 'SKIPPED', 'CANCELLED']);
/** Of the whole run, so that no node is at fault. */
const OF_THE_RUN = new Set(['TIMEOUT', 'CANCELLED', 'MANUAL', 'TEMPLATE_ERROR', 'EXPRESSION_ERROR']);

export const errorsAreNamed: Invariant = {
  id: 'I13',
  promise: 'what FAILED, was SKIPPED or CANCELLED has a code, a message and the node at fault',
  check({ runs, nodes }) {
    const silentNodes = nodes
      .filter(({ status, errorCode, errorMessage }) => UNSUCCESSFUL.has(status) && !(errorCode && errorMessage))
      .map(({ runId, nodeId, status }) => ({ runId, message: `node ${nodeId} is ${status} and does not say why` }));
    const silentRuns = runs
      .filter(({ status, errorCode, errorMessage }) => UNSUCCESSFUL.has(status) && !(errorCode && errorMessage))
      .map(({ id, status }) => ({ runId: id, message: `run ${id} is ${status} and does not say why` }));
    const nobody = runs
      .filter(
        ({ status, errorCode, errorNodeId }) => status === 'FAILED' && !OF_THE_RUN.has(errorCode ?? '') && !errorNodeId,
      )
      .map(({ id }) => ({ runId: id, message: `run ${id} is FAILED and names no node` }));
    return [...silentNodes, ...silentRuns, ...nobody];
  },
};
