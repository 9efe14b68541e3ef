import assert from 'node:assert/strict';
import { BACKENDS, startTestEngine, type TestEngine } from '../support/engine.ts';
import { waitFor } from '../support/wait-for.ts';

for (const backend of BACKENDS) {
  describe(`runs on the ${backend} backend`, () => {
    let engine: TestEngine;
    const started: string[] = [];
    let failures = 0;

    before(async function () {
      engine = await startTestEngine({
        backend,
        workers: 2,
        agents: {
          echo: (input, { nodeId }) => {
            started.push(nodeId);
            return input;
          },
          broken: () => {
            throw new Error('it broke');
          },
          flaky: (input) => {
            if (failures++ < 2) throw new Error('not yet');
            return input;
          },
          slow: (_, { signal }) =>
            new Promise((resolve) => {
              signal.addEventListener('abort', () => {
                resolve({});
              });
            }),
        },
      });
    });
    after(async function () {
      await engine.close();
    });

    it('runs a diamond in order and gives the outputs of its sinks', async () => {
      await engine.define({
        name: 'diamond',
        nodes: [
          { id: 'a', agent: 'echo', input: { n: '{{ input.n }}' } },
          { id: 'b', agent: 'echo', input: { n: '{{ a.output.n + 1 }}' } },
          { id: 'c', agent: 'echo', input: { text: 'n is {{ a.output.n }}' } },
          { id: 'd', agent: 'echo', input: { b: '{{ b.output }}', c: '{{ c.output.text }}' } },
        ],
        edges: [
          { from: 'a', to: 'b' },
          { from: 'a', to: 'c' },
          { from: 'b', to: 'd' },
          { from: 'c', to: 'd' },
        ],
      });
      const runId = await engine.submit('diamond', { n: 41 });
      const run = await engine.ended(runId);
      assert.equal(run.status, 'SUCCESS');
      assert.deepEqual(run.output, { d: { b: { n: 42 }, c: 'n is 41' } });
      assert.equal(started[0], 'a');
      assert.equal(started[3], 'd');
    });

    it('numbers the events of a run without a gap, the terminal one last', async () => {
      const runId = await engine.submit('diamond', { n: 1 });
      await engine.ended(runId);
      const events = await engine.events(runId);
      assert.deepEqual(
        events.map(({ sequence }) => sequence),
        events.map((_, index) => index + 1),
      );
      assert.equal(events[0]?.type, 'run.created');
      assert.equal(events[1]?.type, 'run.started');
      assert.equal(events.at(-1)?.type, 'run.succeeded');
      assert.equal(events.filter(({ type }) => type === 'node.succeeded').length, 4);
    });

    it('runs a mesh of transforms in one job, layer by layer', async () => {
      const layers = [0, 1, 2, 3, 4];
      const width = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
      await engine.define({
        name: 'mesh',
        nodes: layers.flatMap((layer) =>
          width.map((i) => {
            const deps = layer === 0 ? [] : [0, 1, 2].map((k) => `l${layer - 1}n${(i + k) % 10}`);
            return {
              id: `l${layer}n${i}`,
              transform: `{"v": 1${deps.map((d) => ` + ${d}.output.v`).join('')}}`,
              dependsOn: deps,
            };
          }),
        ),
      });
      const runId = await engine.submit('mesh');
      const run = await engine.ended(runId);
      assert.equal(run.status, 'SUCCESS');
      const sum = Object.values(run.output as Record<string, { v: number }>).reduce((total, { v }) => total + v, 0);
      assert.equal(sum, 1210);
    });

    it('runs a mesh of agents through gates, each node once', async () => {
      const ids = [0, 1, 2].flatMap((layer) => [0, 1, 2, 3].map((i) => ({ layer, i })));
      await engine.define({
        name: 'gated',
        nodes: ids.map(({ layer, i }) => ({
          id: `l${layer}n${i}`,
          agent: 'echo',
          dependsOn: layer === 0 ? [] : [0, 1].map((k) => `l${layer - 1}n${(i + k) % 4}`),
        })),
      });
      started.length = 0;
      const runId = await engine.submit('gated');
      assert.equal((await engine.ended(runId)).status, 'SUCCESS');
      assert.equal(new Set(started).size, 12);
      assert.equal(started.length, 12);
    });

    it('fails the run with the code, the message and the node at fault, and skips what depended on it', async () => {
      await engine.define({
        name: 'failing',
        nodes: [
          { id: 'bad', agent: 'broken' },
          { id: 'next', agent: 'echo', dependsOn: ['bad'] },
          { id: 'cleanup', agent: 'echo', dependsOn: ['bad'], runIf: 'all_done' },
        ],
      });
      const runId = await engine.submit('failing');
      const run = await engine.ended(runId);
      assert.equal(run.status, 'FAILED');
      assert.equal(run.errorCode, 'AGENT_FAILED');
      assert.equal(run.errorNodeId, 'bad');
      assert.match(run.errorMessage ?? '', /it broke/);
      assert.equal((await engine.node(runId, 'next')).status, 'SKIPPED');
      assert.match((await engine.node(runId, 'next')).errorMessage ?? '', /bad is FAILED/);
      assert.equal((await engine.node(runId, 'cleanup')).status, 'SUCCESS');
    });

    it('tries a node again as its retry policy says', async () => {
      failures = 0;
      await engine.define({
        name: 'retrying',
        nodes: [
          {
            id: 'flaky',
            agent: 'flaky',
            input: { ok: true },
            retry: { attempts: 3, backoff: { type: 'fixed', delayMs: 20 } },
          },
        ],
      });
      const runId = await engine.submit('retrying');
      assert.equal((await engine.ended(runId)).status, 'SUCCESS');
      assert.equal((await engine.node(runId, 'flaky')).attempt, 3);
      assert.equal((await engine.events(runId)).filter(({ type }) => type === 'node.retrying').length, 2);
    });

    it('skips a node whose condition is false', async () => {
      await engine.define({
        name: 'conditional',
        nodes: [
          { id: 'a', transform: '{"n": 1}' },
          { id: 'yes', transform: '"ran"', when: 'a.output.n > 0', dependsOn: ['a'] },
          { id: 'no', transform: '"ran"', when: 'a.output.n > 1', dependsOn: ['a'] },
        ],
      });
      const runId = await engine.submit('conditional');
      assert.equal((await engine.ended(runId)).status, 'SUCCESS');
      assert.equal((await engine.node(runId, 'yes')).output, 'ran');
      const skipped = await engine.node(runId, 'no');
      assert.equal(skipped.status, 'SKIPPED');
      assert.equal(skipped.errorCode, 'SKIPPED_BY_CONDITION');
    });

    it('runs a node for each item, keeping the order', async () => {
      await engine.define({
        name: 'mapping',
        nodes: [
          { id: 'list', transform: '[1, 2, 3, 4, 5]' },
          {
            id: 'each',
            agent: 'echo',
            forEach: 'list.output',
            maxParallel: 2,
            input: { n: '{{ item * 10 }}' },
            dependsOn: ['list'],
          },
          { id: 'sum', transform: 'each.output.map(x, x.n)', dependsOn: ['each'] },
        ],
      });
      const runId = await engine.submit('mapping');
      const run = await engine.ended(runId);
      assert.equal(run.status, 'SUCCESS');
      assert.deepEqual(run.output, { sum: [10, 20, 30, 40, 50] });
    });

    it('maps a transform over more items than may run at once', async () => {
      await engine.define({
        name: 'mapping-transform',
        nodes: [{ id: 'each', transform: 'item * 2', forEach: '[1, 2, 3, 4, 5, 6]', maxParallel: 2 }],
      });
      const run = await engine.ended(await engine.submit('mapping-transform'));
      assert.deepEqual(run.output, { each: [2, 4, 6, 8, 10, 12] });
    });

    it('waits for a person without a worker and goes on with the decision', async () => {
      await engine.define({
        name: 'approving',
        nodes: [
          { id: 'gate', agent: 'echo', approval: true, input: { target: 'db-1' } },
          { id: 'after', transform: 'gate.status', dependsOn: ['gate'] },
        ],
      });
      const runId = await engine.submit('approving');
      await waitFor(async () => (await engine.run(runId)).status === 'WAITING_APPROVAL', {
        describe: 'the run to wait for its approval',
      });
      const node = await engine.node(runId, 'gate');
      assert.equal(node.status, 'WAITING_APPROVAL');
      const { id } = await engine.approval(runId);
      await engine.flows.control.decide(id, { decision: 'APPROVED', respondedBy: 'ann' });
      await assert.rejects(engine.flows.control.decide(id, { decision: 'REJECTED' }), /decided already/);
      const run = await engine.ended(runId);
      assert.equal(run.status, 'SUCCESS');
      assert.deepEqual(run.output, { after: 'SUCCESS' });
    });

    it('fails node and run when the approval is rejected', async () => {
      const runId = await engine.submit('approving');
      await waitFor(async () => (await engine.run(runId)).status === 'WAITING_APPROVAL', {
        describe: 'the run to wait for its approval',
      });
      const { id } = await engine.approval(runId);
      await engine.flows.control.decide(id, { decision: 'REJECTED', respondedBy: 'bob', notes: 'not today' });
      const run = await engine.ended(runId);
      assert.equal(run.status, 'FAILED');
      assert.equal(run.errorCode, 'REJECTED');
      assert.match(run.errorMessage ?? '', /bob: not today/);
    });

    it('runs a sub-workflow and takes its output', async () => {
      await engine.define({
        name: 'child',
        nodes: [{ id: 'double', transform: 'input.n * 2' }],
        output: { n: '{{ double.output }}' },
      });
      await engine.define({
        name: 'parent',
        nodes: [
          { id: 'sub', workflow: 'child', input: { n: 21 } },
          { id: 'use', transform: 'sub.output.n', dependsOn: ['sub'] },
        ],
      });
      const run = await engine.ended(await engine.submit('parent'));
      assert.equal(run.status, 'SUCCESS');
      assert.deepEqual(run.output, { use: 42 });
    });

    it('waits for a time and for a signal, also one that comes early', async () => {
      await engine.define({
        name: 'waiting',
        nodes: [
          { id: 'pause', wait: { seconds: 0.1 } },
          { id: 'go', signal: { name: 'go' }, dependsOn: ['pause'] },
          { id: 'use', transform: 'go.output.who', dependsOn: ['go'] },
        ],
      });
      const early = await engine.submit('waiting');
      await engine.flows.control.signal({ runId: early, name: 'go', payload: { who: 'early' }, by: 'test' });
      const late = await engine.submit('waiting');
      await waitFor(async () => (await engine.node(late, 'go')).waitingFor === 'signal', {
        describe: 'the node to wait for its signal',
      });
      await engine.flows.control.signal({ runId: late, name: 'go', payload: { who: 'late' }, by: 'test' });
      assert.deepEqual((await engine.ended(early)).output, { use: 'early' });
      assert.deepEqual((await engine.ended(late)).output, { use: 'late' });
    });

    it('stops what runs when a run is cancelled, and says what it stopped', async () => {
      await engine.define({
        name: 'long',
        nodes: [
          { id: 'slow', agent: 'slow' },
          { id: 'next', agent: 'echo', dependsOn: ['slow'] },
          { id: 'cleanup', transform: '"done"', finally: true },
        ],
      });
      const runId = await engine.submit('long');
      await waitFor(async () => (await engine.node(runId, 'slow')).status === 'RUNNING', {
        describe: 'the agent to run',
      });
      const receipt = await engine.flows.control.cancel(runId, 'ann');
      assert.equal(receipt.status, 'CANCELLED');
      assert.deepEqual(receipt.stopped.map(({ nodeId, how }) => [nodeId, how]).sort(), [
        ['next', 'not started'],
        ['slow', 'stopped'],
      ]);
      assert.equal((await engine.node(runId, 'cleanup')).status, 'SUCCESS');
      await assert.rejects(engine.flows.control.cancel(runId, 'ann'), /has ended already/);
    });

    it('leaves nothing in the queues when all runs have ended', async () => {
      let left: string[] = [];
      await waitFor(
        async () => {
          left = await engine.leftovers();
          return left.length === 0;
        },
        { describe: `the queues to be empty; left: ${left.join(' ')}` },
      ).catch((error: unknown) => {
        throw new Error(`left in the queues: ${left.join(' ')}`, { cause: error });
      });
    });
  });
}
