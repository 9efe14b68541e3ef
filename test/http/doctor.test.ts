import assert from 'node:assert/strict';
import type { Queue } from 'bullmq';
import { agentsQueue, GATES_QUEUE } from '../../contracts/jobs.ts';
import { runCli } from '../cli/support/run-cli.ts';
import { waitFor } from '../support/wait-for.ts';
import { startRoom, type TestRoom } from './support/room.ts';

interface OpenNode {
  readonly nodeId: string;
  readonly job: string;
  readonly database: { readonly ready: boolean };
  readonly disagreement: { readonly kind: string; readonly message: string; readonly repair: string } | null;
}

/** No worker and so no reconciler: whatever is wrong stays so until somebody asks for its repair. */
describe('the doctor over HTTP', () => {
  let room: TestRoom;
  let agents: Queue;
  let runId = '';

  before(async () => {
    room = await startRoom({ workers: 0, agents: { work: (input) => input } });
    agents = room.engine.queues.queue(agentsQueue());
    await room.engine.define({
      name: 'crossed',
      nodes: [
        { id: 'a', agent: 'work' },
        { id: 'b', agent: 'work' },
        { id: 'c', agent: 'work', dependsOn: ['a', 'b'] },
        { id: 'd', agent: 'work', dependsOn: ['a', 'b'] },
      ],
    });
    runId = await room.engine.submit('crossed');
    await waitFor(async () => (await agents.getJobs(['wait', 'prioritized'])).length >= 2, {
      describe: 'the jobs of a and b',
    });
  });
  after(() => room.close());

  it('has nothing to say of a run whose jobs are where they should be', async () => {
    await waitFor(async () => (await look()).filter(({ database }) => database.ready).length === 2, {
      describe: 'a and b to be waited for',
    });
    const nodes = await look();
    assert.deepEqual(nodes.map(({ nodeId, job }) => `${nodeId} ${job}`).sort(), [
      'a live',
      'b live',
      'c held',
      'd held',
    ]);
    assert.deepEqual(wrong(nodes), []);
  });

  it('finds the node whose job was removed by hand, and brings the job back on request', async () => {
    await removeJob('a');
    await disagreeing('no_job');

    const told = await doctor();
    assert.match(told.stdout, /! open nodes +crossed: Node a is ready in Postgres and no queue has a job for it/);
    assert.match(told.stdout, /commandcenter doctor --repair/);

    const repaired = await room.post('/api/doctor/repair', { workflowRunId: runId });
    assert.equal(repaired.status, 202);
    assert.deepEqual(
      (repaired.body as { kind: string }[]).map(({ kind }) => kind),
      ['no_job'],
    );
    assert.ok((await jobNames()).includes('a'), 'a worker can take the job of a again');
    assert.deepEqual(wrong(await look()), []);
  });

  it('brings the job back for the command line', async () => {
    await removeJob('b');
    await disagreeing('no_job');
    const { stdout } = await doctor('--repair');
    assert.match(stdout, /open nodes +no_job: it adds a job beside the flow/);
    assert.ok((await jobNames()).includes('b'));
    assert.match((await doctor('--repair')).stdout, /open nodes +nothing had to be repaired/);
  });

  it('finds a gate that was not removed, and removes it', async () => {
    const { dispatcher } = room.engine.flows;
    const { openGate } = dispatcher;
    dispatcher.openGate = () => Promise.resolve();
    try {
      for (const nodeId of ['a', 'b']) {
        const path = `/api/workflows/crossed/runs/${runId}/nodes/${nodeId}/mark`;
        assert.equal((await room.post(path, { status: 'SUCCESS', output: {} })).status, 202);
      }
      await room.engine.flows.aftermath.idle();
      await disagreeing('gate_shut');
    } finally {
      dispatcher.openGate = openGate;
    }
    const gates = room.engine.queues.queue(GATES_QUEUE);
    const before = await gates.getDelayedCount();
    await room.post('/api/doctor/repair', { workflowRunId: runId });
    assert.deepEqual(wrong(await look()), []);
    assert.ok((await gates.getDelayedCount()) < before, 'the gate is gone');
    assert.ok((await jobNames()).some((name) => name === 'c' || name === 'd'));
  });

  async function look(): Promise<OpenNode[]> {
    const { status, body } = await room.get(`/api/doctor?workflowRunId=${runId}`);
    assert.equal(status, 200);
    return body as OpenNode[];
  }

  /** What has just become ready is given two seconds. */
  async function disagreeing(kind: string): Promise<void> {
    await waitFor(async () => wrong(await look()).includes(kind), {
      describe: `a node with ${kind}`,
      timeoutMs: 10_000,
    });
  }

  async function removeJob(nodeId: string): Promise<void> {
    const job = (await agents.getJobs(['wait', 'prioritized'])).find(({ name }) => name === nodeId);
    await job?.remove();
  }

  async function jobNames(): Promise<string[]> {
    return (await agents.getJobs(['wait', 'prioritized'])).map(({ name }) => name);
  }

  function doctor(...options: readonly string[]) {
    return runCli(['doctor', ...options], { url: room.url });
  }
});

function wrong(nodes: readonly OpenNode[]): string[] {
  return nodes.flatMap(({ disagreement }) => disagreement?.kind ?? []);
}
