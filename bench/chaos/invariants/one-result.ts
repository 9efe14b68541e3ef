import { groupBy, NODE_ENDED, RUN_ENDED, TERMINAL, type EventRow, type History } from '../history/history.ts';
import type { Invariant, Violation } from './invariant.ts';

export const oneResult: Invariant = {
  id: 'I3',
  promise: 'a node has one terminal result, and nothing leaves a terminal state',
  check: (history) => [...ofNodes(history), ...ofRuns(history)],
};

function ofNodes({ nodes, events }: History): Violation[] {
  const byNode = groupBy(events, ({ agentRunId }) => agentRunId);
  return nodes.flatMap(({ id, nodeId, runId, status }) => {
    const own = byNode.get(id) ?? [];
    const ends = own.filter(({ type }) => NODE_ENDED.has(type));
    const expected = TERMINAL.has(status) ? 1 : 0;
    const found: Violation[] = [];
    if (ends.length !== expected)
      found.push({
        runId,
        message: `node ${nodeId} (${status}) has ${ends.length} terminal events instead of ${expected}`,
      });
    const late = after(own, ends[0]);
    if (late) found.push({ runId, message: `${late.type} of node ${nodeId} follows its terminal event` });
    return found;
  });
}

function ofRuns({ runs, events }: History): Violation[] {
  const byRun = groupBy(events, ({ runId }) => runId);
  return runs.flatMap(({ id: runId, status }) => {
    const own = byRun.get(runId) ?? [];
    const ends = own.filter(({ type }) => RUN_ENDED.has(type));
    const expected = TERMINAL.has(status) ? 1 : 0;
    const found: Violation[] = [];
    if (ends.length !== expected)
      found.push({
        runId,
        message: `run ${runId} (${status}) has ${ends.length} terminal events instead of ${expected}`,
      });
    const late = after(own, ends[0]);
    if (late) found.push({ runId, message: `${late.type} follows the terminal event of run ${runId}` });
    return found;
  });
}

function after(events: readonly EventRow[], end: EventRow | undefined): EventRow | undefined {
  return end && events.find(({ sequence }) => sequence > end.sequence);
}
