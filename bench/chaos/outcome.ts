import { createHash } from 'node:crypto';
import { groupBy, type History, type NodeRow, type RunRow } from './history/history.ts';

export interface Outcome {
  readonly runId: string;
  /** The run's status, and each node's status and result as a digest. */
  readonly outcome: string;
}

/**
 * What became of each trigger, by the caller's key, in words that are the same however often anything had to be repeated.
 * Cancelled runs are left out: how far they came is a matter of time.
 */
export function outcomesByKey({
  answers,
  runs,
  nodes,
}: Pick<History, 'answers' | 'runs' | 'nodes'>): Map<string, Outcome> {
  const byId = new Map(runs.map((run) => [run.id, run]));
  const byRun = groupBy(nodes, ({ runId }) => runId);
  return new Map(
    answers.flatMap(({ kind, key, runId = '' }) => {
      const run = byId.get(runId);
      if (kind !== 'trigger' || !run || run.cancelRequested) return [];
      return [[key, { runId, outcome: describe(run, byRun.get(runId) ?? []) }] as const];
    }),
  );
}

function describe({ status }: RunRow, nodes: readonly NodeRow[]): string {
  const lines = nodes.map(({ nodeId, itemIndex, status: own, errorCode, output }) =>
    JSON.stringify([nodeId, itemIndex, own, own === 'SUCCESS' ? output : errorCode]),
  );
  const digest = createHash('sha256').update(lines.sort().join('\n')).digest('hex').slice(0, 12);
  return `${status} ${digest}`;
}
