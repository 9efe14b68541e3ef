import assert from 'node:assert/strict';
import { check } from '../../bench/chaos/check.ts';
import type { EventRow, History, JournalLine, NodeRow, RunRow } from '../../bench/chaos/history/history.ts';
import { outcomesByKey } from '../../bench/chaos/outcome.ts';
import { timelineOf } from '../../bench/chaos/timeline.ts';

const RUN = 'run-1';
const A = 'row-of-a';
const B = 'row-of-b';

describe('the history checker', () => {
  it('accepts a clean history', () => {
    assert.deepEqual(broken(clean()), []);
  });

  const rejects = (id: string, what: string, doctor: (history: History) => History) => {
    it(`rejects ${what} (${id})`, () => {
      const found = broken(doctor(clean()));
      assert.ok(found.includes(id), `${id} is broken, not only ${found.join(', ') || 'nothing'}`);
    });
  };

  rejects('I1', 'a trigger whose run has not ended', (history) => ({
    ...history,
    runs: history.runs.map((run) => ({ ...run, status: 'RUNNING', finishedAt: null })),
  }));
  rejects('I1', 'one key that was answered with two runs', (history) => ({
    ...history,
    answers: [...history.answers, { at: 2, kind: 'trigger', key: 'k', status: 200, runId: 'run-2' }],
  }));
  rejects('I2', 'an answer of 202 for a run that does not exist', (history) => ({
    ...history,
    answers: [...history.answers, { at: 2, kind: 'trigger', key: 'lost', status: 202, runId: 'run-9' }],
  }));
  rejects('I3', 'a node with two results', (history) => ({
    ...history,
    events: insertAfter(history.events, 4, event('node.failed', 'FAILED', A)),
  }));
  rejects('I3', 'an event after the end of the run', (history) => ({
    ...history,
    events: [...history.events, { ...event('node.started', 'RUNNING', B), sequence: 8 }],
  }));
  rejects('I4', 'two executions at the same time', (history) => ({
    ...history,
    journal: [
      ...history.journal,
      line('start', 130, A, { attempt: 2, pid: 8 }),
      line('end', 160, A, { attempt: 2, pid: 8 }),
    ],
  }));
  rejects('I4', 'an execution beside one that never wrote its end', (history) => ({
    ...history,
    journal: [
      line('start', 100, A),
      line('beat', 150, A),
      line('start', 149, A, { attempt: 2, pid: 8 }),
      line('end', 170, A, { attempt: 2, pid: 8 }),
    ],
  }));
  rejects('I5', 'a node that started before what it depends on had ended', (history) => ({
    ...history,
    events: swap(history.events, 4, 5),
  }));
  rejects('I5', 'an agent that began after its run had ended', (history) => ({
    ...history,
    journal: [...history.journal, line('start', 900, B, { attempt: 2, pid: 9 })],
  }));
  rejects('I6', 'a gap in the events of a run', (history) => ({
    ...history,
    events: history.events.filter(({ sequence }) => sequence !== 3),
  }));
  rejects('I6', 'a row that its events do not lead to', (history) => ({
    ...history,
    nodes: history.nodes.map((node) =>
      node.id === B ? { ...node, status: 'SKIPPED', errorCode: 'X', errorMessage: 'x' } : node,
    ),
  }));
  rejects('I6', 'an event that JetStream does not have', (history) => ({
    ...history,
    stream: history.stream?.slice(1) ?? [],
  }));
  rejects('I6', 'events that JetStream has in another order', (history) => ({
    ...history,
    stream: [...(history.stream ?? [])].reverse(),
  }));
  rejects('I7', 'a run that succeeded although a node of it failed', (history) => ({
    ...history,
    nodes: history.nodes.map((node) =>
      node.id === A ? { ...node, status: 'FAILED', errorCode: 'X', errorMessage: 'x' } : node,
    ),
  }));
  rejects('I7', 'a run that ended while a node of it was open', (history) => ({
    ...history,
    nodes: history.nodes.map((node) => (node.id === A ? { ...node, status: 'RUNNING' } : node)),
  }));
  rejects('I8', 'a process that outlives its run', (history) => ({
    ...history,
    leftovers: [{ kind: 'process', name: 'process 4711', runId: RUN }],
  }));
  rejects('I8', 'a folder that nobody owns', (history) => ({
    ...history,
    leftovers: [{ kind: 'folder', name: 'commandcenter-1-abcdef', runId: '' }],
  }));
  rejects('I9', 'a job that is left in Redis', (history) => ({
    ...history,
    jobKeys: ['commandcenter:agents:run-1.1.a'],
  }));
  rejects('I10', 'a transaction that nobody goes on with', (history) => ({
    ...history,
    idleInTransaction: ['SELECT engine_settle($1)'],
  }));
  for (const status of [500, 429, 404]) {
    rejects('I11', `an alert that was answered with ${status}`, (history) => ({
      ...history,
      answers: [...history.answers, { at: 3, kind: 'alert', key: 'HighLoad', status }],
    }));
  }
  rejects('I12', 'more attempts than the node may have', (history) => ({
    ...history,
    nodes: history.nodes.map((node) => (node.id === A ? { ...node, attempt: 4, lostAttempts: 2 } : node)),
  }));
  rejects('I12', 'more lost workers than one node may cost', (history) => ({
    ...history,
    nodes: history.nodes.map((node) => (node.id === A ? { ...node, attempt: 12, lostAttempts: 11 } : node)),
  }));
  rejects('I13', 'a node that was cancelled and does not say why', (history) => ({
    ...history,
    nodes: history.nodes.map((node) => (node.id === B ? { ...node, status: 'CANCELLED' } : node)),
  }));
  rejects('I13', 'a failed run that names no node', (history) => ({
    ...history,
    runs: history.runs.map((run) => ({ ...run, status: 'FAILED', errorCode: 'AGENT_FAILED', errorMessage: 'x' })),
  }));
  rejects('I14', 'a run that ended in another way than its twin', (history) => ({
    ...history,
    twin: { k: 'FAILED 0' },
  }));
  rejects('I15', 'a secret that was seen', (history) => ({ ...history, exposures: ['log worker.log'] }));

  it('compares outcomes by what nodes gave, not by how often they ran', () => {
    const once = clean();
    const nodes = once.nodes.map((node) => ({ ...node, attempt: 3, lostAttempts: 2 }));
    assert.deepEqual(outcomesByKey({ ...once, nodes }), outcomesByKey(once));
    const other = once.nodes.map((node) => ({ ...node, output: { value: 'other' } }));
    assert.notDeepEqual(outcomesByKey({ ...once, nodes: other }), outcomesByKey(once));
  });

  it('tells the story of a run in the order of time', () => {
    const times = timelineOf(clean(), RUN).map((one) => one.slice(0, 24));
    assert.deepEqual(times, [...times].sort());
  });
});

function broken(history: History): string[] {
  return check(history)
    .filter(({ violations }) => violations.length > 0)
    .map(({ id }) => id);
}

/** Two nodes in a line, a then b, that both ran once. */
function clean(): History {
  const events = numbered([
    event('run.created', 'PENDING'),
    event('run.started', 'RUNNING'),
    event('node.started', 'RUNNING', A),
    event('node.succeeded', 'SUCCESS', A),
    event('node.started', 'RUNNING', B),
    event('node.succeeded', 'SUCCESS', B),
    event('run.succeeded', 'SUCCESS'),
  ]);
  return {
    runs: [RUN_ROW],
    nodes: [node(A, 'a', 0), node(B, 'b', 1)],
    edges: [{ versionId: 1, from: 0, to: 1 }],
    events,
    journal: [line('start', 100, A), line('end', 150, A), line('start', 200, B), line('end', 250, B)],
    answers: [
      { at: 1, kind: 'trigger', key: 'k', status: 202, runId: RUN },
      { at: 2, kind: 'alert', key: 'HighLoad', status: 503 },
    ],
    stream: [...events, ...events.slice(0, 2)].map(({ runId, sequence, type }) => ({
      id: `${runId}:${sequence}`,
      runId,
      sequence,
      type,
    })),
    jobKeys: [],
    leftovers: [],
    idleInTransaction: [],
    exposures: [],
  };
}

const RUN_ROW: RunRow = {
  id: RUN,
  versionId: 1,
  status: 'SUCCESS',
  errorCode: null,
  errorMessage: null,
  errorNodeId: null,
  endAs: null,
  cancelRequested: false,
  hasOutput: false,
  finishedAt: 300,
};

function node(id: string, nodeId: string, nodeIndex: number): NodeRow {
  return {
    id,
    runId: RUN,
    nodeIndex,
    nodeId,
    itemIndex: null,
    kind: 'agent',
    status: 'SUCCESS',
    finally: false,
    allowFailure: false,
    attempt: 1,
    lostAttempts: 0,
    attemptLimit: 1,
    errorCode: null,
    errorMessage: null,
    output: { value: nodeId },
    copied: false,
  };
}

function event(type: string, status: string, agentRunId: string | null = null): EventRow {
  const nodeId = agentRunId === null ? null : agentRunId.slice(-1);
  return { runId: RUN, sequence: 0, type, status, agentRunId, nodeId, at: 0 };
}

function numbered(events: readonly EventRow[]): EventRow[] {
  return events.map((one, index) => ({ ...one, sequence: index + 1, at: 50 * (index + 1) }));
}

function insertAfter(events: readonly EventRow[], sequence: number, one: EventRow): EventRow[] {
  return numbered([...events.slice(0, sequence), one, ...events.slice(sequence)]);
}

function swap(events: readonly EventRow[], first: number, second: number): EventRow[] {
  const place: Readonly<Record<number, number>> = { [first]: second, [second]: first };
  const moved = events.map((one) => ({ ...one, sequence: place[one.sequence] ?? one.sequence }));
  return moved.sort((a, b) => a.sequence - b.sequence);
}

function line(
  what: JournalLine['what'],
  at: number,
  key: string,
  { attempt = 1, pid = 7 }: { attempt?: number; pid?: number } = {},
): JournalLine {
  return { at, what, runId: RUN, nodeId: key.slice(-1), key, attempt, pid };
}
