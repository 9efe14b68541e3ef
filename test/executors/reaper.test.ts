import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startReaper } from '../../workers/executors/reaper.ts';
import { waitFor } from '../support/wait-for.ts';
import { CACHE_DIR } from './requests.ts';
import { isRunning, untilGone } from './running.ts';

const WORKER = fileURLToPath(new URL('reaper-worker.ts', import.meta.url));

interface Worker {
  readonly child: ChildProcess;
  readonly agent: number;
  readonly daemon: number;
  readonly reaper: number;
}

describe('Reaper', () => {
  let tempDir: string;
  const started: number[] = [];

  beforeEach(() => {
    tempDir = mkdtempSync(join(tmpdir(), 'reaper-test-'));
  });
  afterEach(() => {
    rmSync(tempDir, { recursive: true, force: true });
    for (const pid of started.splice(0)) if (isRunning(pid)) process.kill(pid, 'SIGKILL');
  });

  async function startWorker(silenceMs: number): Promise<Worker> {
    const workerId = `reaper-test-${String(process.pid)}-${String(started.length)}-${String(silenceMs)}`;
    const args = ['--import', 'tsx', WORKER, workerId, String(silenceMs), tempDir];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    for await (const line of createInterface({ input: child.stdout })) {
      const [agent = 0, daemon = 0, reaper = 0] = line.split(' ').map(Number);
      started.push(child.pid ?? 0, agent, daemon, reaper);
      return { child, agent, daemon, reaper };
    }
    throw new Error('the worker ended before its agent began');
  }

  it('kills the agents of a worker that was killed, daemons too, and clears their folders', async () => {
    const { child, agent, daemon, reaper } = await startWorker(10_000);
    assert.ok(isRunning(agent) && isRunning(daemon));
    assert.equal(readdirSync(tempDir).length, 1);
    child.kill('SIGKILL');
    await Promise.all([agent, daemon, reaper].map((pid) => untilGone(pid)));
    assert.deepEqual(readdirSync(tempDir), []);
  }).timeout(40_000);

  it('kills the agents of a worker that was stopped', async () => {
    const { child, agent, daemon } = await startWorker(1_000);
    child.kill('SIGSTOP');
    await Promise.all([agent, daemon].map((pid) => untilGone(pid)));
    child.kill('SIGKILL');
  }).timeout(40_000);

  it('leaves the agents of a living worker alone, and the others when it is told to end', async () => {
    const reaper = await startReaper({ workerId: 'reaper-test-quiet', cacheDir: CACHE_DIR, silenceMs: 500 });
    const agent = spawn('sleep', ['30'], { detached: true, stdio: 'ignore' });
    const pid = agent.pid ?? 0;
    started.push(pid);
    reaper.track(pid);
    const beyondSilence = performance.now() + 1_200;
    await waitFor(() => performance.now() > beyondSilence, { describe: 'more than the silence to pass' });
    assert.ok(isRunning(pid));
    await reaper.stop();
    assert.ok(isRunning(pid));
  });

  it('is started again when somebody kills it, and still knows its groups', async () => {
    const reaper = await startReaper({ workerId: 'reaper-test-restart', cacheDir: CACHE_DIR });
    const first = reaper.pid ?? 0;
    process.kill(first, 'SIGKILL');
    await waitFor(() => reaper.pid !== first, { describe: 'another reaper' });
    await reaper.stop();
  });
});
