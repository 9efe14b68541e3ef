import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endLeftovers, rememberService } from '../../cli/quickstart/leftover.ts';
import { freePort } from '../../platform/services/free-port.ts';
import { markProcess } from '../../platform/services/process-mark.ts';
import { waitFor } from '../support/wait-for.ts';
import { spawnNode } from './support/run-cli.ts';
import { ROOT } from './support/service.ts';

const OWN_SERVERS = { DATABASE_URL: '', REDIS_URL: '', NATS_URL: '', AUTH_TOKENS: '', NODE_ENV: '', CI: '' };

describe('the quickstart', function () {
  this.timeout(240_000);
  let dataDir: string;
  let taken: Server;
  let port: number;

  beforeEach(async () => {
    dataDir = join(await mkdtemp(join(tmpdir(), 'cc quickstart ')), 'data of mine');
    port = await freePort();
    taken = createServer().listen(port, '127.0.0.1');
  });
  afterEach(async () => {
    taken.close();
    await rm(join(dataDir, '..'), { recursive: true, force: true });
  });

  const quickstart = (env: NodeJS.ProcessEnv = {}, ...args: string[]) =>
    spawnNode(['scripts/run.mjs', 'cli/quickstart.js', ...args], {
      ...process.env,
      ...OWN_SERVERS,
      DATA_DIR: dataDir,
      PORT: String(port),
      ...env,
    });

  it('runs the diamond on this repository, beside whoever has its port, and leaves nothing running', async () => {
    const { exitCode, stdout, stderr } = await quickstart();
    assert.equal(exitCode, 0, `${stdout}${stderr}`);
    assert.match(stdout, new RegExp(`port ${port} is taken: using \\d+\\n`));
    assert.match(stdout, /full-analysis created \(version 1\)/);
    for (const node of ['scan', 'review', 'compliance', 'notify']) {
      assert.match(stdout, new RegExp(`${node} +succeeded`));
    }
    assert.match(stdout, /The scan found \d+: .*\nseverity +kind/);
    assert.match(stdout, /Review +\d+ remarks on \d+ files/);
    assert.match(stdout, /Bull Board +http:\/\/127\.0\.0\.1:\d+\/admin\/queues/);
    assert.ok(!(stdout + stderr).includes('"level":'), 'no line of the log');
    assert.deepEqual(await runningIn(dataDir), []);
  });

  it('takes everything down on a signal, also while it starts', async () => {
    const child = spawn(process.execPath, ['scripts/run.mjs', 'cli/quickstart.js'], {
      cwd: ROOT,
      env: { ...process.env, ...OWN_SERVERS, DATA_DIR: dataDir, PORT: String(port) },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const exit = new Promise((resolve) => child.once('exit', resolve));
    await waitFor(() => readFile(join(dataDir, 'services', 'postgres', 'state.json')), {
      timeoutMs: 60_000,
      describe: 'the servers to start',
    });
    child.kill('SIGTERM');
    assert.equal(await exit, 143);
    await waitFor(async () => (await runningIn(dataDir)).length === 0, { describe: 'everything to end' });
  });

  it('tells why it could not, where the log is, and leaves nothing running', async () => {
    const agents = join(dataDir, '..', 'no agents');
    await mkdir(agents, { recursive: true });
    const { exitCode, stderr } = await quickstart({ AGENTS_DIR: agents });
    assert.equal(exitCode, 1);
    assert.match(stderr, /Unknown agent "security-scanner"/);
    const [, log = ''] = /Log of the service: (.*\.log)/.exec(stderr) ?? [];
    assert.match(await readFile(log, 'utf8'), /"component":/);
    assert.deepEqual(await runningIn(dataDir), []);
  });

  it('says what is wrong with the configuration', async () => {
    const { exitCode, stderr } = await quickstart({ WORKER_CONCURRENCY: 'many' });
    assert.equal(exitCode, 1);
    assert.match(stderr, /WORKER_CONCURRENCY must be a whole number/);
  });

  it('refuses arguments that it does not know', async () => {
    const { exitCode, stderr } = await quickstart({}, '--keeep');
    assert.equal(exitCode, 2);
    assert.match(stderr, /--keep/);
  });
});

describe('the service of a quickstart that was killed', () => {
  let dataDir: string;
  const started: number[] = [];

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'cc-leftover-'));
  });
  afterEach(async () => {
    for (const pid of started.splice(0)) if (await markProcess(pid)) process.kill(pid, 'SIGKILL');
    await rm(dataDir, { recursive: true, force: true });
  });

  async function startIdle(): Promise<number> {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    const { pid } = child;
    assert.ok(pid !== undefined);
    started.push(pid);
    await waitFor(() => markProcess(pid), { describe: 'the process to run' });
    return pid;
  }

  it('is ended by the next one', async () => {
    const service = await startIdle();
    const mark = await markProcess(service);
    const owner = { pid: 1, started: 'an earlier boot' };
    await writeFile(join(dataDir, 'quickstart-9002.json'), JSON.stringify({ owner, service: mark }));
    await endLeftovers(dataDir);
    assert.equal(await markProcess(service), undefined);
    assert.deepEqual(await readdir(dataDir), []);
  });

  it('is left alone while its quickstart lives', async () => {
    const service = await startIdle();
    await rememberService(dataDir, 9002, service);
    await endLeftovers(dataDir);
    assert.ok(await markProcess(service));
  });
});

/** The commands of the processes whose command line names the folder. */
async function runningIn(folder: string): Promise<string[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const commands = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return commands.filter((command) => command.includes(folder)).map((command) => command.replaceAll('\0', ' '));
}
