import assert from 'node:assert/strict';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { startRedisSentinels, type RedisSentinels } from '../support/redis-topology.ts';
import { waitFor } from '../support/wait-for.ts';

const LINE = {
  name: 'line',
  nodes: [
    { id: 'a', agent: 'held', input: { n: 1 } },
    { id: 'b', agent: 'echo', input: { n: '{{ a.output.n + 1 }}' }, dependsOn: ['a'] },
  ],
};

describe('Redis behind sentinels', function () {
  this.timeout(180_000);
  let sentinels: RedisSentinels | undefined;
  let engine: TestEngine;
  const release: (() => void)[] = [];

  before(async function () {
    sentinels = await startRedisSentinels(this);
    engine = await startTestEngine({
      redisUrl: sentinels.url,
      workers: 2,
      agents: {
        echo: (input) => input,
        held: (input) =>
          new Promise((resolve) =>
            release.push(() => {
              resolve(input);
            }),
          ),
      },
    });
    await engine.define(LINE);
  });

  after(async () => {
    if (!sentinels) return;
    await engine.close();
    await sentinels.stop();
  });

  for (const { what, signal } of [
    { what: 'dies', signal: 'SIGKILL' },
    { what: 'hangs', signal: 'SIGSTOP' },
  ] as const) {
    it(`survives a failover in the middle of a run when the primary ${what}`, async () => {
      assert.ok(sentinels);
      const before = await sentinels.primary();
      const open = await engine.submit('line');
      await waitFor(() => release.length === 1, { describe: 'the agent of the open run' });

      before.process.kill(signal);
      const accepted = await engine.submit('line');
      await sentinels.movedFrom(before);
      release.shift()?.();
      assert.deepEqual((await engine.ended(open, 30_000)).output, { b: { n: 2 } });

      await waitFor(() => release.length === 1, { timeoutMs: 30_000, describe: 'the run that was accepted meanwhile' });
      release.shift()?.();
      assert.equal((await engine.ended(accepted, 30_000)).status, 'SUCCESS');
      assert.notEqual(await (await sentinels.primary()).client.dbsize(), 0, 'the jobs are on the new primary');
    });
  }
});
