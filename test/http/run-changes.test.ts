import assert from 'node:assert/strict';
import { waitFor } from '../support/wait-for.ts';
import { startRoom, type TestRoom } from './support/room.ts';

describe('marking, testing and bulk changes over HTTP', () => {
  let room: TestRoom;

  before(async function () {
    room = await startRoom({
      agents: {
        held: (_, { signal }) =>
          new Promise((resolve) => {
            signal.addEventListener('abort', () => {
              resolve({});
            });
          }),
      },
    });
    await room.engine.define({
      name: 'held',
      nodes: [
        { id: 'hold', agent: 'held', input: { text: 'n is {{ input.n }}' } },
        { id: 'big', transform: 'hold.output.n * 2', when: 'hold.output.n > 10', dependsOn: ['hold'] },
        { id: 'any', transform: '"end"', runIf: 'none_failed', dependsOn: ['big'] },
      ],
    });
  });
  after(async function () {
    await room.close();
  });

  async function started(): Promise<string> {
    const runId = await room.engine.submit('held', { n: 1 });
    await waitFor(async () => (await room.engine.node(runId, 'hold')).status === 'RUNNING', {
      describe: 'hold to run',
    });
    return runId;
  }

  it('gives an open node an output by hand, and refuses a settled one', async () => {
    const runId = await started();
    const mark = `/api/workflows/held/runs/${runId}/nodes/hold/mark`;
    const answer = await room.post(mark, { status: 'SUCCESS', output: { n: 21 } });
    assert.equal(answer.status, 202);
    assert.deepEqual((await room.engine.ended(runId)).output, { any: 'end' });
    assert.equal((await room.engine.node(runId, 'big')).output, 42);
    assert.equal((await room.post(mark, { status: 'SKIPPED' })).status, 409);
    assert.equal((await room.post(mark, { status: 'FAILED' })).status, 400);
  });

  it('walks a workflow without running anything', async () => {
    const answer = await room.post('/api/workflows/held/test', { input: { n: 3 }, outputs: { hold: { n: 3 } } });
    assert.equal(answer.status, 200);
    assert.deepEqual(
      (answer.body.nodes as { nodeId: string; outcome: string }[]).map(({ nodeId, outcome }) => [nodeId, outcome]),
      [
        ['hold', 'SUPPLIED'],
        ['big', 'SKIPPED'],
        ['any', 'COMPUTED'],
      ],
    );
    const without = await room.post('/api/workflows/held/test', { input: { n: 3 } });
    const [hold] = without.body.nodes;
    assert.deepEqual(hold, { nodeId: 'hold', outcome: 'WOULD_RUN', input: { text: 'n is 3' } });
  });

  it('cancels all runs that a filter finds', async () => {
    const runs = await Promise.all([started(), started()]);
    const answer = await room.post('/api/runs/bulk', {
      action: 'cancel',
      filter: { workflow: 'held', status: 'RUNNING' },
    });
    assert.equal(answer.status, 200);
    const changed = answer.body.runs as { workflowRunId: string }[];
    assert.deepEqual(changed.map(({ workflowRunId }) => workflowRunId).sort(), [...runs].sort());
    for (const runId of runs) assert.equal((await room.engine.ended(runId)).status, 'CANCELLED');
  });
});
