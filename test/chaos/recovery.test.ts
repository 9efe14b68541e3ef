import assert from 'node:assert/strict';
import type { EventRow, JournalLine } from '../../bench/chaos/history/history.ts';
import { measureRecovery } from '../../bench/chaos/recovery.ts';

const started = (at: number): EventRow => ({
  ...{ runId: 'r', sequence: 0, type: 'node.started', status: 'RUNNING', agentRunId: 'row', nodeId: 'n', at },
});
const line = (what: JournalLine['what'], at: number, attempt: number): JournalLine => ({
  ...{ at, what, runId: 'r', nodeId: 'n', key: 'row', attempt, pid: attempt },
});

describe('the time to recovery', () => {
  it('goes from the last sign of a lost attempt to the next claim, also where its agent was lost at once', () => {
    const events = [started(0), started(15_000), started(31_000)];
    const journal = [line('start', 10, 1), line('beat', 110, 1), line('start', 31_200, 3), line('end', 31_900, 3)];
    assert.deepEqual(measureRecovery({ journal, events }), { lost: 1, p50: 14_890, p99: 14_890, worst: 14_890 });
  });

  it('counts no attempt that told its end', () => {
    const events = [started(0), started(500)];
    const journal = [line('start', 10, 1), line('fail', 110, 1), line('start', 510, 2), line('end', 610, 2)];
    assert.equal(measureRecovery({ journal, events }).lost, 0);
  });
});
