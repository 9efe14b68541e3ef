import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { AgentDescription } from '../../workers/agents/description.ts';
import { detectControlGroups } from '../../workers/executors/process/cgroup/control-groups.ts';
import { MemoryWatch } from '../../workers/executors/process/memory-watch.ts';
import { detectNetworkIsolation } from '../../workers/executors/process/network.ts';
import { sweepOrphans } from '../../workers/executors/process/sweep.ts';
import { ProcessExecutor, type ProcessExecutorOptions } from '../../workers/executors/process.ts';
import { waitFor } from '../support/wait-for.ts';
import { CACHE_DIR, fixtureAgents, request, SILENT, textOf } from './requests.ts';
import { isRunning, untilGone } from './running.ts';
import { spawn } from 'node:child_process';

describe('Process executor', () => {
  let agents: Map<string, AgentDescription>;
  let tempDir: string;
  const executors: ProcessExecutor[] = [];

  before(async () => {
    agents = await fixtureAgents();
  });
  beforeEach(() => {
    tempDir = realpathSync(mkdtempSync(join(tmpdir(), 'process-test-')));
  });
  afterEach(async () => {
    await Promise.all(executors.splice(0).map((executor) => executor.stop(0)));
    rmSync(tempDir, { recursive: true, force: true });
  });

  function agentNamed(name: string, manifest: Partial<AgentDescription['manifest']> = {}): AgentDescription {
    const agent = agents.get(name);
    assert.ok(agent);
    return { ...agent, manifest: { ...agent.manifest, ...manifest } };
  }

  async function start(options: Partial<ProcessExecutorOptions> = {}): Promise<ProcessExecutor> {
    const workerId = `process-test-${String(process.pid)}`;
    const usual = { workerId, log: SILENT, env: process.env, cacheDir: CACHE_DIR, tempDir, warm: false };
    const executor = new ProcessExecutor({ ...usual, ...options });
    executors.push(executor);
    await executor.start();
    return executor;
  }

  describe('workspaces', () => {
    let executor: ProcessExecutor;

    async function messageFor(path: string): Promise<string> {
      const result = await executor.execute(request(agentNamed('chameleon'), { do: 'echo', repositoryPath: path }));
      return result.ok ? 'ran' : `${result.code}: ${result.message}`;
    }

    beforeEach(async () => {
      mkdirSync(join(tempDir, 'allowed/inner'), { recursive: true });
      mkdirSync(join(tempDir, 'allowed-not'));
      symlinkSync(tempDir, join(tempDir, 'allowed/out'));
      symlinkSync(join(tempDir, 'allowed/inner'), join(tempDir, 'in'));
      executor = await start({ workspaceRoots: [join(tempDir, 'allowed')] });
    });

    it('may be inside the roots, also by way of a link, and missing ones are left to the agent', async () => {
      for (const path of ['allowed', 'allowed/inner', 'in', 'allowed/missing/deep']) {
        assert.equal(await messageFor(join(tempDir, path)), 'ran');
      }
    });

    for (const path of [
      '',
      'allowed-not',
      'allowed/..',
      'allowed/out',
      'allowed/out/allowed-not',
      'allowed/out/missing',
    ]) {
      it(`may not be outside the roots: <root>/../${path}`, async () => {
        assert.match(await messageFor(`${tempDir}/${path}`), /^NODE_INPUT_INVALID: .*outside.*WORKSPACE_ROOTS/);
      });
    }

    it('may not be relative', async () => {
      assert.match(await messageFor('allowed'), /NODE_INPUT_INVALID: .*not absolute/);
    });
  });

  it('takes the network from agents that ask for none, and from no others', async function () {
    if (!(await detectNetworkIsolation())) return this.skip();
    const server = createServer((socket) => socket.end()).listen(0, '127.0.0.1');
    await waitFor(() => server.listening, { describe: 'the server' });
    try {
      const { port } = server.address() as AddressInfo;
      const executor = await start();
      const reach = async (network: boolean) => {
        const result = await executor.execute(request(agentNamed('chameleon', { network }), { do: 'network', port }));
        return result.ok ? result.output : result.message;
      };
      assert.deepEqual([await reach(true), await reach(false)], [{ reached: true }, { reached: false }]);
    } finally {
      server.close();
    }
  });

  it('limits how many processes an agent may have', async function () {
    if (!detectControlGroups()) return this.skip();
    const executor = await start({ maxProcesses: 40 });
    const result = await executor.execute(request(agentNamed('chameleon'), { do: 'fork', count: 60 }));
    assert.ok(result.ok, JSON.stringify(result));
    assert.ok((result.output as { refused: number }).refused > 10, JSON.stringify(result.output));
  });

  it('limits the cores of an agent', async function () {
    const group = detectControlGroups()?.create({ memoryMb: 64, maxProcesses: 10, cpus: 0.5 });
    if (group === undefined) return this.skip();
    try {
      const limits = group.joinFiles.flatMap((file) =>
        ['cpu.max', 'cpu.cfs_quota_us']
          .map((name) => join(dirname(file), name))
          .filter((path) => existsSync(path))
          .map((path) => readFileSync(path, 'utf8').trim()),
      );
      if (limits.length === 0) return this.skip(); // the system lets us limit memory, and not the cores
      assert.match(limits.join(), /^50000( 100000)?$/);
    } finally {
      await group.remove();
    }
  });

  it('watches the resident size of whole groups where there are no control groups', async () => {
    const hog = 'setInterval(() => (globalThis.kept = [...(globalThis.kept ?? []), Buffer.alloc(2 ** 23, 1)]), 20)';
    const child = spawn('sh', ['-c', `"${process.execPath}" -e '${hog}'; true`], { detached: true, stdio: 'ignore' });
    const pid = child.pid ?? 0;
    try {
      const exceeded = new Promise<void>((resolve) => new MemoryWatch().watch(pid, 128, resolve));
      await exceeded;
    } finally {
      process.kill(-pid, 'SIGKILL');
    }
    await untilGone(pid);
  });

  it('lets what runs end within the deadline, refuses what comes, then stops the rest', async () => {
    const executor = await start();
    const short = executor.execute(request(agentNamed('chameleon'), { do: 'lines', count: 2, pauseMs: 100 }));
    const long = executor.execute(request(agentNamed('chameleon'), { do: 'sleep' }));
    const stopped = executor.stop(3_000);
    const late = await executor.execute(request(agentNamed('chameleon'), { do: 'echo' }));
    assert.equal(late.ok ? '' : late.code, 'EXECUTOR_UNAVAILABLE');
    const [shortResult, longResult] = await Promise.all([short, long]);
    assert.equal(shortResult.ok, true);
    assert.equal(longResult.ok ? '' : longResult.code, 'WORKER_LOST');
    await stopped;
    assert.deepEqual(readdirSync(tempDir), []);
  });

  it('finds orphans of any worker by their label and kills those that nobody runs', async () => {
    const env = { COMMANDCENTER_WORKER: 'a-worker-of-the-past', COMMANDCENTER_RUN: 'run.node.token' };
    const orphan = spawn('sleep', ['60'], {
      detached: true,
      stdio: 'ignore',
      env: { PATH: process.env.PATH, ...env },
    });
    const pid = orphan.pid ?? 0;
    await waitFor(() => isRunning(pid), { describe: 'the orphan' });
    const asked: unknown[] = [];
    const live = (workerId: string) => workerId !== 'a-worker-of-the-past';
    const killed = await waitFor(
      () => {
        const pids = sweepOrphans({
          isLive: (label) => {
            if (!live(label.workerId)) asked.push(label);
            return live(label.workerId);
          },
        });
        return pids.length > 0 && pids;
      },
      { describe: 'the orphan to be found' },
    );
    assert.deepEqual(killed, [pid]);
    assert.deepEqual(asked.at(-1), { workerId: 'a-worker-of-the-past', run: 'run.node.token' });
    await untilGone(pid);
  });

  describe('read-only workspaces', () => {
    /** What an agent can write: into the workspace by its path and from its own folder, and into that folder. */
    async function written(workspace: 'read' | 'write', options: Partial<ProcessExecutorOptions>) {
      const executor = await start({ workspaceRoots: [tempDir, '/does/not/exist'], ...options });
      const agent = agentNamed('chameleon', { workspace });
      if (options.warm === true) {
        await executor.prepare(agent, 256);
        await waitFor(() => executor.ready(agent, 256) >= 1, { describe: 'a warm process' });
      }
      const paths = [join(tempDir, 'by-path'), '../../beside-the-folder', 'in-the-folder'];
      const result = await executor.execute(request(agent, { do: 'write', paths }));
      return { executor, output: result.ok ? result.output : result.message };
    }

    for (const warm of [false, true]) {
      it(`cannot be written to by an agent that only reads (${warm ? 'warm' : 'cold'})`, async function () {
        const { executor, output } = await written('read', { warm });
        if (!executor.protectsWorkspaces) return this.skip();
        assert.deepEqual(output, ['EROFS', 'EROFS', 'ok']);
        assert.ok(!readdirSync(tempDir).includes('by-path'));
      });
    }

    it('are no matter to an agent that may write', async () => {
      assert.deepEqual((await written('write', {})).output, ['ok', 'ok', 'ok']);
    });

    it('cannot be made writable again', async function () {
      const executor = await start({ workspaceRoots: [tempDir] });
      if (!executor.protectsWorkspaces) return this.skip();
      const script = join(tempDir, 'undo.sh');
      const undo = `mount -o remount,bind,rw ${tempDir} 2>/dev/null || umount ${tempDir} 2>/dev/null`;
      writeFileSync(script, `#!/bin/sh\n${undo}\necho $?\n`, { mode: 0o755 });
      const result = await executor.execute(request({ ...agentNamed('shell-counter'), entry: script }, {}));
      assert.ok(result.ok, JSON.stringify(result));
      assert.notEqual(result.output, 0);
    });
  });

  describe('warm pool', () => {
    for (const [name, input] of [
      ['kit-echo', { value: 1 }],
      ['chameleon', { do: 'born' }],
    ] as const) {
      it(`runs an agent in a process that was there before it was asked (${name})`, async () => {
        const executor = await start({ warm: true });
        const agent = agentNamed(name);
        await executor.prepare(agent, 256);
        await waitFor(() => executor.ready(agent, 256) >= 1, { describe: 'a warm process' });
        const asked = request(agent, input);
        const askedAt = Date.now();
        assert.equal((await executor.execute(asked)).ok, true);
        const bornAt = Number(/born at (\d+)/.exec(textOf(asked))?.[1]);
        assert.ok(bornAt < askedAt, `asked at ${String(askedAt)}; ${textOf(asked)}`);
      });
    }

    it('warms up agents made with the kit, one process each and four at most', async () => {
      const executor = await start({ warm: true });
      const kit = agentNamed('kit-echo');
      const networks = [true, false].map((network) => ({ ...kit, manifest: { ...kit.manifest, network } }));
      await executor.warmUp([agentNamed('chameleon'), agentNamed('shell-counter'), ...networks], 256);
      assert.deepEqual(
        [agentNamed('chameleon'), ...networks].map((agent) => executor.ready(agent, 256)),
        [0, 1, 1],
      );
      await executor.warmUp(Array<typeof kit>(9).fill(kit), 128);
      assert.equal(executor.ready(kit, 128), 2);
    });

    it('keeps few processes, of the kinds used last', async () => {
      const executor = await start({ warm: true });
      const kinds = [96, 112, 128, 144, 160, 176, 192, 208];
      for (const memoryMb of kinds) await executor.prepare(agentNamed('chameleon'), memoryMb);
      const ready = () => kinds.map((memoryMb) => executor.ready(agentNamed('chameleon'), memoryMb));
      await waitFor(() => ready().reduce((sum, count) => sum + count) === 6, { describe: 'six waiting processes' });
      assert.deepEqual(ready(), [0, 0, 1, 1, 1, 1, 1, 1]);
    });

    it('leaves nothing when it stops', async () => {
      const executor = await start({ warm: true });
      await executor.prepare(agentNamed('chameleon'), 256);
      await executor.stop(0);
      assert.deepEqual(readdirSync(tempDir), []);
    });
  });
});
