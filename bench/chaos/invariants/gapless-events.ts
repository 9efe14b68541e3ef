import { groupBy, type EventRow, type History, type StreamMessage } from '../history/history.ts';
import type { Invariant, Violation } from './invariant.ts';

export const gaplessEvents: Invariant = {
  id: 'I6',
  promise: 'the events of a run are 1 to n, their fold equals the tables, and JetStream without duplicates equals them',
  check(history) {
    const byRun = groupBy(history.events, ({ runId }) => runId);
    return [...gaps(byRun), ...folds(history, byRun), ...mirror(history, byRun)];
  },
};

type ByRun = ReadonlyMap<string, readonly EventRow[]>;

function gaps(byRun: ByRun): Violation[] {
  return [...byRun].flatMap(([runId, events]) => {
    const wrong = events.findIndex(({ sequence }, index) => sequence !== index + 1);
    return wrong < 0
      ? []
      : [{ runId, message: `event ${wrong + 1} of run ${runId} has sequence ${events[wrong]?.sequence ?? 'none'}` }];
  });
}

function folds({ runs, nodes }: History, byRun: ByRun): Violation[] {
  const lastOfNode = new Map<string, string>();
  const lastOfRun = new Map<string, string>();
  for (const { runId, agentRunId, status, type } of [...byRun.values()].flat()) {
    if (status === null) continue;
    if (type.startsWith('run.')) lastOfRun.set(runId, status);
    else if (agentRunId !== null) lastOfNode.set(agentRunId, status);
  }
  const differ = (what: string, runId: string, told: string | undefined, stored: string): Violation[] =>
    (told ?? 'PENDING') === stored
      ? []
      : [{ runId, message: `the events leave ${what} ${told ?? 'PENDING'}, its row is ${stored}` }];
  return [
    ...runs.flatMap(({ id, status }) => differ(`run ${id}`, id, lastOfRun.get(id), status)),
    ...nodes.flatMap(({ id, runId, nodeId, status }) => differ(`node ${nodeId}`, runId, lastOfNode.get(id), status)),
  ];
}

function mirror({ stream }: History, byRun: ByRun): Violation[] {
  if (!stream) return [];
  const mirrored = groupBy(withoutDuplicates(stream), ({ runId }) => runId);
  return [...byRun].flatMap(([runId, events]) => {
    const told = (mirrored.get(runId) ?? []).map(({ sequence, type }) => `${sequence} ${type}`);
    const stored = events.map(({ sequence, type }) => `${sequence} ${type}`);
    const wrong = stored.findIndex((one, index) => one !== told[index]);
    if (wrong < 0 && told.length === stored.length) return [];
    const message = `JetStream has ${told[wrong] ?? 'nothing'} where the outbox of run ${runId} has ${stored[wrong] ?? 'nothing'}`;
    return [{ runId, message }];
  });
}

function withoutDuplicates(stream: readonly StreamMessage[]): StreamMessage[] {
  const seen = new Set<string>();
  return stream.filter(({ id }) => !seen.has(id) && seen.add(id));
}
