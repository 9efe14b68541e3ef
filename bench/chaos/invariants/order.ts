import { groupBy, NODE_ENDED, type History } from '../history/history.ts';
import type { Invariant, Violation } from './invariant.ts';

export const order: Invariant = {
  id: 'I5',
  promise: 'no node starts before its dependencies are terminal, and none after its run is',
  check: (history) => [...beforeDependencies(history), ...afterRun(history)],
};

function beforeDependencies({ runs, nodes, edges, events }: History): Violation[] {
  const versionOf = new Map(runs.map(({ id, versionId }) => [id, versionId]));
  const edgesInto = groupBy(edges, ({ versionId, to }) => `${versionId}.${to}`);
  const nodeAt = new Map(nodes.filter(isWhole).map((node) => [`${node.runId}.${node.nodeIndex}`, node]));
  const endOf = new Map(
    events.flatMap((event) => (NODE_ENDED.has(event.type) ? [[event.agentRunId, event.sequence]] : [])),
  );
  const startOf = firstStarts(events);
  return nodes.filter(isWhole).flatMap(({ id, runId, nodeIndex, nodeId }) => {
    const start = startOf.get(id);
    if (start === undefined) return [];
    const into = edgesInto.get(`${versionOf.get(runId) ?? 0}.${nodeIndex}`) ?? [];
    return into.flatMap(({ from }) => {
      const dependency = nodeAt.get(`${runId}.${from}`);
      const end = dependency && endOf.get(dependency.id);
      return end !== undefined && end < start
        ? []
        : [{ runId, message: `node ${nodeId} started before ${dependency?.nodeId ?? from} had ended` }];
    });
  });
}

function firstStarts(events: History['events']): Map<string | null, number> {
  const starts = new Map<string | null, number>();
  for (const { type, agentRunId, sequence } of events)
    if (type === 'node.started' && !starts.has(agentRunId)) starts.set(agentRunId, sequence);
  return starts;
}

function afterRun({ runs, journal }: History): Violation[] {
  const endOf = new Map(runs.map(({ id, finishedAt }) => [id, finishedAt]));
  return journal.flatMap(({ what, at, runId, nodeId, attempt }) => {
    const end = endOf.get(runId) ?? Infinity;
    return what === 'start' && at > end
      ? [
          {
            runId,
            message: `attempt ${attempt} of node ${nodeId} began ${Math.round(at - end)} ms after its run had ended`,
          },
        ]
      : [];
  });
}

function isWhole({ itemIndex }: { readonly itemIndex: number | null }): boolean {
  return itemIndex === null;
}
