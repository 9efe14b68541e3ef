import assert from 'node:assert/strict';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { startRedisCluster, type RedisCluster } from '../support/redis-topology.ts';
import { waitFor } from '../support/wait-for.ts';

/** Queues for steps, agents, the end and gates: the flow of a run spans them all. */
const MESH = {
  name: 'mesh',
  nodes: [
    { id: 'a', agent: 'echo', input: { n: 1 } },
    { id: 'b', agent: 'echo', input: { n: '{{ a.output.n + 1 }}' }, dependsOn: ['a'] },
    { id: 'c', transform: 'a.output.n + 2', dependsOn: ['a'] },
    { id: 'd', agent: 'echo', input: { n: '{{ b.output.n + c.output }}' }, dependsOn: ['b', 'c'] },
    { id: 'each', agent: 'echo', forEach: '[1, 2, 3]', input: { n: '{{ item }}' }, dependsOn: ['c', 'b'] },
    { id: 'held', signal: { name: 'go' }, dependsOn: ['d', 'each'] },
  ],
};

describe('a Redis Cluster of three nodes', function () {
  this.timeout(120_000);
  let cluster: RedisCluster | undefined;
  let engine: TestEngine | undefined;

  after(async () => {
    await engine?.close();
    await cluster?.stop();
  });

  it('carries runs on two workers, with all keys of the queues on one node, and keeps nothing of them', async function () {
    cluster = await startRedisCluster(this);
    engine = await startTestEngine({ redisUrl: cluster.url, workers: 2, agents: { echo: (input) => input } });
    await engine.define(MESH);
    const runs = await Promise.all([1, 2, 3, 4, 5].map(() => engine!.submit('mesh')));
    for (const runId of runs) {
      await engine.flows.control.signal({ runId, name: 'go', payload: null, by: 'test' });
      assert.equal((await engine.ended(runId)).status, 'SUCCESS');
      assert.deepEqual((await engine.node(runId, 'd')).output, { n: 5 });
    }
    await waitFor(async () => (await engine!.leftovers()).length === 0, {
      describe: 'the last parked job to look again',
    });

    const keys = await Promise.all(cluster.nodes.map(({ client }) => client.keys('*')));
    const used = keys.filter((list) => list.length > 0);
    assert.equal(used.length, 1, `the keys are on one node: ${JSON.stringify(keys)}`);
    assert.ok(
      used[0]?.every((key) => /^\{[\w-]+\}:/.test(key)),
      used[0]?.join(),
    );
  });

  it('carries hints from process to process, whatever node each is connected to', async () => {
    assert.ok(engine);
    const runId = await engine.submit('mesh');
    const cancelled = await engine.flows.control.cancel(runId, 'test');
    assert.equal((await engine.ended(runId)).status, 'CANCELLED', JSON.stringify(cancelled));
  });
});
