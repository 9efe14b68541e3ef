import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { sql } from 'slonik';
import { z } from 'zod';
import { runCli } from '../../cli/program.ts';
import { requestDrain } from '../../sql/queries/drain.ts';
import { BACKENDS, startTestEngine, type TestEngine } from '../support/engine.ts';
import { waitFor } from '../support/wait-for.ts';
import { createFleet, type Fleet, type FleetWorker } from './fleet.ts';

const HELD = {
  name: 'held',
  nodes: [
    { id: 'wait', agent: 'door', input: { file: '{{ input.file }}' } },
    { id: 'after', transform: '1 + 1', dependsOn: ['wait'] },
  ],
};

describe('draining workers', function () {
  this.timeout(300_000);
  let fleet: Fleet;
  let first: FleetWorker;

  before(async function () {
    fleet = await createFleet(this);
    await fleet.startApi();
    first = await fleet.startWorker({ env: { DRAIN_SECONDS: '600' } });
    await fleet.call('POST', '/api/workflows', HELD);
  });

  after(async () => {
    await (fleet as Fleet | undefined)?.stop();
  });

  it('lets one end what it has and take nothing new, says how far it is, and loses nothing', async () => {
    const door = fleet.door('first');
    const held = await fleet.trigger('held', { file: door.file });
    await waitFor(async () => (await workerOf(held)) === first.id, { timeoutMs: 60_000, describe: 'the agent to run' });

    const draining = cli('workers', 'drain', first.id, '--timeout', '120');
    await waitFor(() => draining.stderr().includes(`${first.id} still runs 1`), { describe: 'the progress' });
    await first.says('draining: no more work is taken'); // the progress above is what was asked of it
    const open = fleet.door('second');
    await open.open();
    const later = await fleet.trigger('held', { file: open.file });
    const second = await fleet.startWorker();
    const other = await fleet.ended('held', later);
    assert.deepEqual([other.status, other.agentRuns[0]?.workerId], ['SUCCESS', second.id]);
    assert.deepEqual(await stateOf(first.id), { running: 1, isDrained: false });

    await door.open();
    assert.deepEqual(await draining.end, { exitCode: 0, stdout: `${first.id}  drained\n` });
    assert.deepEqual(await stateOf(first.id), { running: 0, isDrained: true });
    const run = await fleet.ended('held', held);
    assert.deepEqual(
      [run.status, run.agentRuns[0]?.workerId, run.agentRuns[0]?.attempt],
      ['SUCCESS', first.id, 1],
      'the agent was not given back',
    );

    const back = await cli('workers', 'resume', first.id).end;
    assert.deepEqual(back, { exitCode: 0, stdout: `${first.id}  works again\n` });
    assert.equal((await cli('workers', 'drain', second.id).end).exitCode, 0);
    const again = await fleet.ended('held', await fleet.trigger('held', { file: open.file }));
    assert.equal(again.agentRuns[0]?.workerId, first.id);
    assert.equal(await second.stop(), 0);
  });

  it('drains all, and says so when that takes longer than one waits', async () => {
    const door = fleet.door('third');
    const held = await fleet.trigger('held', { file: door.file });
    await waitFor(async () => (await workerOf(held)) === first.id, { timeoutMs: 60_000, describe: 'the agent to run' });
    const { end, stderr } = cli('workers', 'drain', '--all', '--timeout', '1');
    assert.equal((await end).exitCode, 1);
    assert.match(stderr(), new RegExp(`Not drained within 1 s: ${first.id} \\(1 left\\)`));
    await door.open();
    await waitFor(async () => (await stateOf(first.id))?.isDrained, { describe: 'the worker to have drained' });
    assert.equal((await cli('workers', 'resume', '--all').end).exitCode, 0);
    assert.equal((await fleet.ended('held', held)).agentRuns[0]?.workerId, first.id);
  });

  for (const { args, says } of [
    { args: ['drain'], says: /Name workers, or give --all/ },
    { args: ['drain', 'nobody'], says: /No worker that is alive begins with nobody/ },
    { args: ['resume', '--all', 'nobody'], says: /Name workers, or give --all/ },
  ]) {
    it(`refuses workers ${args.join(' ')} and says what to write`, async () => {
      const { end, stderr } = cli('workers', ...args);
      assert.equal((await end).exitCode, 2);
      assert.match(stderr(), says);
    });
  }

  it('answers 404 for a worker that is not there', async () => {
    const response = await fetch(`${fleet.url}/api/workers/nobody/drain`, { method: 'POST' });
    assert.equal(response.status, 404);
  });

  it('waits on SIGTERM for what runs, as long as DRAIN_SECONDS says', async () => {
    const door = fleet.door('fourth');
    const held = await fleet.trigger('held', { file: door.file });
    await waitFor(async () => (await workerOf(held)) === first.id, {
      timeoutMs: 60_000,
      describe: 'the agent to run',
    });
    const stopped = first.stop();
    await door.open();
    assert.equal(await stopped, 0);
    const [node] = await nodesOf(held);
    assert.deepEqual([node?.status, node?.workerId, node?.attempt], ['SUCCESS', first.id, 1], 'it was not given back');
  });

  async function workerOf(runId: string): Promise<string | null | undefined> {
    const nodes = await nodesOf(runId);
    return nodes.find(({ nodeId, status }) => nodeId === 'wait' && status === 'RUNNING')?.workerId;
  }

  function nodesOf(runId: string) {
    return fleet.call<{ nodeId: string; status: string; workerId: string | null; attempt: number }[]>(
      'GET',
      `/api/workflows/held/runs/${runId}/agent-runs`,
    );
  }

  async function stateOf(id: string) {
    const workers = await fleet.call<{ id: string; running: number; drainedAt: string | null }[]>(
      'GET',
      '/api/workers',
    );
    const worker = workers.find((one) => one.id === id);
    return worker && { running: worker.running, isDrained: worker.drainedAt !== null };
  }

  function cli(...args: readonly string[]) {
    const written = { stdout: '', stderr: '' };
    const sink = (name: keyof typeof written) => ({ write: (text: string) => void (written[name] += text) });
    const end = runCli([...args, '--url', fleet.url], {
      stdin: process.stdin,
      stdout: sink('stdout'),
      stderr: sink('stderr'),
      env: { PATH: process.env.PATH, COMMANDCENTER_CONFIG: `${fleet.folder}/none.json` },
      cwd: tmpdir(),
    }).then((exitCode) => ({ exitCode, stdout: written.stdout }));
    return { end, stderr: () => written.stderr };
  }
});

for (const backend of BACKENDS) {
  const hears = backend === 'postgres';
  describe(`a worker that drains, with queues on ${backend}`, function () {
    this.timeout(60_000);
    let engine: TestEngine;

    before(async () => {
      engine = await startTestEngine({ backend, agents: { echo: (input) => input } });
      await engine.define({ name: 'line', nodes: [{ id: 'a', agent: 'echo', input: { n: 1 } }] });
    });
    after(() => engine.close());

    it(`leaves runs alone until it is told to work again${hears ? '' : ', also when hints are lost'}`, async () => {
      const { id } = await engine.db.one(sql.type(z.object({ id: z.string() }))`SELECT id FROM "Worker"`);
      await requestDrain(engine.db, id, true);
      if (hears) engine.hints.publish('drain', { workerId: id });
      await waitFor(isDrained, { timeoutMs: 20_000, describe: 'the worker to have drained' });
      const runId = await engine.submit('line');
      await requestDrain(engine.db, id, false);
      assert.equal((await engine.node(runId, 'a')).status, 'PENDING');
      engine.hints.publish('drain', { workerId: id });
      assert.equal((await engine.ended(runId)).status, 'SUCCESS');
    });

    async function isDrained(): Promise<boolean> {
      return engine.db.exists(sql.type(z.object({}))`SELECT FROM "Worker" WHERE "drainedAt" IS NOT NULL`);
    }
  });
}
