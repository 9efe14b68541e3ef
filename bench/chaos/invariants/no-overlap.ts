import { groupBy, type JournalLine } from '../history/history.ts';
import type { Invariant } from './invariant.ts';

/** An execution as its agent wrote it down: from its first line to its last. */
interface Execution {
  readonly pid: number;
  readonly attempt: number;
  readonly from: number;
  readonly to: number;
}

export const noOverlap: Invariant = {
  id: 'I4',
  promise: 'two executions of one node never overlap',
  check({ journal }) {
    return [...groupBy(journal, ({ key }) => key).values()].flatMap((lines) => {
      const [{ runId, nodeId }] = lines as [JournalLine];
      const executions = executionsOf(lines);
      return executions.flatMap((later, index) => {
        const earlier = executions.slice(0, index).find(({ to }) => to > later.from);
        if (!earlier) return [];
        const by = `${earlier.to - later.from} ms`;
        const message = `attempts ${earlier.attempt} and ${later.attempt} of node ${nodeId} ran at the same time for ${by}`;
        return [{ runId, message }];
      });
    });
  },
};

function executionsOf(lines: readonly JournalLine[]): Execution[] {
  const executions = [...groupBy(lines, ({ pid, attempt }) => `${pid}.${attempt}`).values()].map((own) => {
    const times = own.map(({ at }) => at);
    const [{ pid, attempt }] = own as [JournalLine];
    return { pid, attempt, from: Math.min(...times), to: Math.max(...times) };
  });
  return executions.sort((a, b) => a.from - b.from);
}
