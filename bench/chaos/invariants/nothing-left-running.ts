import { TERMINAL } from '../history/history.ts';
import type { Invariant } from './invariant.ts';

export const nothingLeftRunning: Invariant = {
  id: 'I8',
  promise: 'no process and no temporary folder outlives its run',
  check({ leftovers, runs }) {
    const open = new Set(runs.filter(({ status }) => !TERMINAL.has(status)).map(({ id }) => id));
    return leftovers
      .filter(({ runId }) => !open.has(runId))
      .map(({ name, kind, runId }) => ({
        ...(runId && { runId }),
        message: `${kind} ${name} is left${runId ? ` of run ${runId}` : ''}`,
      }));
  },
};
