import assert from 'node:assert/strict';
import { compare } from '../../api/doctor/examine.ts';
import type { OpenNode } from '../../sql/queries/doctor.ts';

const READY: OpenNode = {
  runId: 'run',
  workflowName: 'w',
  agentRunId: 'row',
  nodeId: 'a',
  nodeIndex: 0,
  itemIndex: null,
  versionId: 1,
  epoch: 1,
  status: 'PENDING',
  attempt: 0,
  lostAttempts: 0,
  waitingFor: null,
  ready: true,
  openDependencies: 0,
  pending: 0,
  held: false,
  leaseUntil: null,
  leaseExpired: false,
  workerId: null,
  workerAlive: false,
  updatedAt: new Date(0),
};
const HELD: OpenNode = {
  ...READY,
  status: 'RUNNING',
  ready: false,
  held: true,
  workerId: 'w1',
  workerAlive: true,
  leaseUntil: new Date(1),
};

describe('the doctor', () => {
  it('has nothing to say of a ready node with a job, a node that waits, and a node that a live worker runs', () => {
    assert.equal(compare(READY, 'live'), null);
    assert.equal(compare({ ...READY, ready: false, pending: 1, openDependencies: 1 }, 'held'), null);
    assert.equal(
      compare({ ...READY, ready: false, status: 'WAITING_APPROVAL', waitingFor: 'approval' }, 'missing'),
      null,
    );
    assert.equal(compare(HELD, 'live'), null);
  });

  it('tells the disagreements apart', () => {
    const kindOf = (node: OpenNode, job: 'live' | 'held' | 'missing') => compare(node, job)?.kind;
    assert.equal(kindOf(READY, 'missing'), 'no_job');
    assert.equal(kindOf(READY, 'held'), 'gate_shut');
    assert.equal(kindOf({ ...HELD, leaseExpired: true }, 'live'), 'lease_expired');
    assert.equal(kindOf({ ...HELD, workerAlive: false }, 'live'), 'worker_silent');
    assert.equal(kindOf({ ...READY, ready: false, pending: 1 }, 'held'), 'miscounted');
  });
});
