import { groupBy, TERMINAL, type NodeRow, type RunRow } from '../history/history.ts';
import type { Invariant } from './invariant.ts';

export const runStatus: Invariant = {
  id: 'I7',
  promise: 'the status of a run follows from those of its nodes',
  check({ runs, nodes }) {
    const byRun = groupBy(nodes, ({ runId }) => runId);
    return runs.flatMap((run) => {
      if (!TERMINAL.has(run.status) || run.errorCode === 'MANUAL') return [];
      const own = byRun.get(run.id) ?? [];
      const open = own.filter(({ status }) => !TERMINAL.has(status)).map(({ nodeId }) => nodeId);
      if (open.length > 0)
        return [{ runId: run.id, message: `run ${run.id} is ${run.status} and ${open.join(', ')} is open` }];
      const expected = statusOf(run, own);
      return run.status === expected
        ? []
        : [{ runId: run.id, message: `run ${run.id} is ${run.status}, its nodes make it ${expected}` }];
    });
  },
};

function statusOf(run: RunRow, nodes: readonly NodeRow[]): string {
  if (run.cancelRequested) return run.endAs ?? 'CANCELLED';
  const failed = nodes.some(
    ({ itemIndex, status, allowFailure }) => itemIndex === null && status === 'FAILED' && !allowFailure,
  );
  // output templates that cannot be resolved fail a run whose nodes all succeeded
  return failed || (run.hasOutput && run.errorCode !== null) ? 'FAILED' : 'SUCCESS';
}
