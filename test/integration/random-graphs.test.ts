import assert from 'node:assert/strict';
import fc from 'fast-check';
import { arbitraryDag } from '../support/dags.ts';
import { BACKENDS, startTestEngine, type TestEngine } from '../support/engine.ts';
import { waitFor } from '../support/wait-for.ts';

const GRAPHS = { redis: { count: 12, size: 80 }, postgres: { count: 4, size: 25 } };

for (const backend of BACKENDS) {
  describe(`random graphs on the ${backend} backend`, () => {
    let engine: TestEngine;
    const ran = new Map<string, string[]>();

    before(async function () {
      engine = await startTestEngine({
        backend,
        workers: 2,
        concurrency: 20,
        agents: {
          note: (_, { runId, nodeId }) => {
            ran.set(runId, [...(ran.get(runId) ?? []), nodeId]);
            return null;
          },
        },
      });
    });
    after(async function () {
      await engine.close();
    });

    it('run every node once, after all its dependencies, and leave nothing in the queues', async function () {
      this.timeout(300_000);
      const { count, size } = GRAPHS[backend];
      const dags = fc.sample(arbitraryDag(size), { numRuns: count, seed: 20_261_124 });
      const runs = await Promise.all(
        dags.map(async (dag, index) => {
          const nodes = Array.from({ length: dag.size }, (_, node) => ({ id: `n${node}`, agent: 'note' }));
          const edges = dag.edges.map(([from, to]) => ({ from: `n${from}`, to: `n${to}` }));
          await engine.define({ name: `random-${index}`, nodes, edges });
          return { dag, runId: await engine.submit(`random-${index}`) };
        }),
      );
      for (const { dag, runId } of runs) {
        assert.equal((await engine.ended(runId, 60_000)).status, 'SUCCESS');
        const order = ran.get(runId) ?? [];
        assert.equal(order.length, dag.size);
        const position = new Map(order.map((node, at) => [node, at]));
        assert.equal(position.size, dag.size);
        for (const [from, to] of dag.edges) {
          assert.ok((position.get(`n${from}`) ?? 0) < (position.get(`n${to}`) ?? 0), `n${to} ran before n${from}`);
        }
      }
      await waitFor(async () => (await engine.leftovers()).length === 0, { describe: 'the queues to be empty' });
    });
  });
}
