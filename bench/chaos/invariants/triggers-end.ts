import { groupBy, TERMINAL } from '../history/history.ts';
import type { Invariant } from './invariant.ts';

export const triggersEnd: Invariant = {
  id: 'I1',
  promise: 'every trigger that was answered with 2xx ends in exactly one terminal run',
  check({ answers, runs }) {
    const byId = new Map(runs.map((run) => [run.id, run]));
    const accepted = groupBy(
      answers.filter(({ kind, status, runId }) => kind === 'trigger' && status < 300 && runId !== undefined),
      ({ key }) => key,
    );
    return [...accepted].flatMap(([key, told]) => {
      const runIds = [...new Set(told.flatMap(({ runId }) => runId ?? []))];
      if (runIds.length > 1)
        return [{ message: `key ${key} was answered with ${runIds.length} runs: ${runIds.join(', ')}` }];
      const [runId = ''] = runIds;
      const run = byId.get(runId);
      if (!run || TERMINAL.has(run.status)) return []; // that it exists is I2
      return [{ message: `run ${runId} of key ${key} has not ended: it is ${run.status}`, runId }];
    });
  },
};
