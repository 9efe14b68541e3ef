import assert from 'node:assert/strict';
import { startRoom, type TestRoom } from './support/room.ts';

describe('GET /api/agent-statistics', () => {
  let room: TestRoom;

  before(async function () {
    this.timeout(300_000);
    let tries = 0;
    const flaky = () => {
      if (tries++ === 0) throw new Error('once more');
      return {};
    };
    const broken = () => {
      throw new Error('final: no');
    };
    room = await startRoom({ agents: { flaky, broken, echo: (input) => input, idle: () => null } });
  });
  after(() => room.close());

  it('counts what agents did: successes, failures, retries, each item, and nothing that was taken over', async () => {
    const retry = { attempts: 2, backoff: { type: 'fixed', delayMs: 1 } };
    const nodes = [
      { id: 'again', agent: 'flaky', retry },
      { id: 'each', agent: 'echo', forEach: '[1, 2, 3]', input: { n: '{{ item }}' } },
      { id: 'wrong', agent: 'broken', dependsOn: ['again', 'each'] },
    ];
    await room.post('/api/workflows', { name: 'counted', nodes });
    const { body: run } = await room.post('/api/workflows/counted/trigger');
    await room.engine.ended(run.workflowRunId);
    const { body: retried } = await room.post(`/api/workflows/counted/runs/${run.workflowRunId}/retry`, {});
    await room.engine.ended(retried.workflowRunId);
    const { body } = await room.get('/api/agent-statistics?days=1');
    const facts = body.map(({ agent, runs, succeeded, failed, successRate, retries }: Record<string, unknown>) => [
      ...[agent, runs, succeeded, failed, successRate, retries],
    ]);
    assert.deepEqual(facts, [
      ['broken', 2, 0, 2, 0, 0],
      ['echo', 3, 3, 0, 1, 0],
      ['flaky', 1, 1, 0, 1, 1],
    ]);
    const [wrong, echo] = body;
    assert.equal(wrong.medianMs, null, 'failures tell nothing of how long it takes');
    assert.ok(echo.medianMs >= 0 && echo.p95Ms >= echo.medianMs);
  });
});
