import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLogger } from '../../platform/log.ts';
import type { AgentDescription } from '../../workers/agents/description.ts';
import { CircuitBreaker } from '../../workers/executors/dagger/breaker.ts';
import { sessionEnvironment } from '../../workers/executors/dagger/session-environment.ts';
import { DaggerExecutor, type DaggerExecutorOptions } from '../../workers/executors/dagger.ts';
import type { ExecutionFailure, ExecutionResult } from '../../workers/executors/executor.ts';
import { waitFor } from '../support/wait-for.ts';
import { startFakeEngine, type FakeEngine } from './dagger/fake-engine.mjs';
import { CACHE_DIR, fixtureAgents, request, SILENT, textOf } from './requests.ts';
import { untilGone } from './running.ts';

const FAKE_CLI = fileURLToPath(new URL('dagger/fake-cli.mjs', import.meta.url));
const CANARY = 'canary-"quoted"-Yx81';

describe('Dagger executor', function () {
  this.timeout(300_000);
  let agents: Map<string, AgentDescription>;
  let folder: string;
  const closing: (() => Promise<void>)[] = [];

  before(async () => {
    agents = await fixtureAgents();
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'dagger-test-'));
  });
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
    rmSync(folder, { recursive: true });
  });

  function agentNamed(name: string, changes: Partial<AgentDescription> = {}): AgentDescription {
    const agent = agents.get(name);
    assert.ok(agent);
    return { ...agent, ...changes };
  }

  async function start(env: NodeJS.ProcessEnv, options: Partial<DaggerExecutorOptions> = {}): Promise<DaggerExecutor> {
    const executor = new DaggerExecutor({
      log: SILENT,
      env: { ...process.env, ...env },
      cacheDir: CACHE_DIR,
      ...options,
    });
    closing.push(() => executor.stop(0));
    await executor.start();
    return executor;
  }

  /** An executor on a session that is open already. */
  async function startOn(fake: Parameters<typeof startFakeEngine>[0], options: Partial<DaggerExecutorOptions> = {}) {
    const engine: FakeEngine = await startFakeEngine(fake);
    closing.push(() => engine.stop());
    const env = { DAGGER_SESSION_PORT: String(engine.port), DAGGER_SESSION_TOKEN: 'right' };
    return { engine, executor: await start(env, options) };
  }

  /** An executor that starts the (fake) CLI for each session. */
  function startCli(mode: string, options: Partial<DaggerExecutorOptions> = {}): Promise<DaggerExecutor> {
    const record = join(folder, 'record');
    return start(
      { _EXPERIMENTAL_DAGGER_CLI_BIN: FAKE_CLI, DAGGER_FAKE_MODE: mode, DAGGER_FAKE_RECORD: record },
      options,
    );
  }

  function recorded(): { event: string; pid: number; args: string[] }[] {
    const lines = readFileSync(join(folder, 'record'), 'utf8').trim().split('\n');
    return lines.map((line) => JSON.parse(line) as { event: string; pid: number; args: string[] });
  }

  it('makes exactly these calls for a folder', async () => {
    const { engine, executor } = await startOn({ token: 'right' });
    const agent = agentNamed('kit-echo', {
      manifest: { ...agentNamed('kit-echo').manifest, workspaceFields: ['value'] },
    });
    const one = request(
      agent,
      { value: folder },
      { runId: 'r-1', attempt: 4, secrets: { CANARY }, traceparent: '00-a-b-01' },
    );
    const result = await executor.execute(one);
    assert.ok(result.ok, JSON.stringify(result));
    assert.deepEqual(result.output, { value: folder, attempt: 4 });
    const [chain = []] = engine.chains;
    const calls = chain.map(({ name, args }) =>
      name === 'withNewFile' ? { name, args: { path: args.path } } : { name, args },
    );
    const variable = (name: string, value: string) => ({ name: 'withEnvVariable', args: { name, value } });
    assert.deepEqual(calls, [
      { name: 'container', args: {} },
      { name: 'from', args: { address: 'node:24-alpine' } },
      { name: 'withMountedCache', args: { path: '/root/.npm', cache: { key: 'commandcenter-npm' } } },
      { name: 'withWorkdir', args: { path: '/agent' } },
      {
        name: 'withDirectory',
        args: {
          path: '/agent',
          source: { path: agent.directory, include: ['package.json', 'package-lock.json', '.npmrc'] },
        },
      },
      { name: 'withExec', args: { args: ['npm', 'install', '--omit=dev', '--no-audit', '--no-fund'] } },
      {
        name: 'withDirectory',
        args: { path: '/agent', source: { path: agent.directory, exclude: ['node_modules', 'dist', '.git'] } },
      },
      { name: 'withNewFile', args: { path: '/agent/commandcenter-entry.mjs' } },
      { name: 'withMountedDirectory', args: { path: folder, source: { path: folder, noCache: true }, readOnly: true } },
      { name: 'withMountedTemp', args: { path: '/work' } },
      { name: 'withWorkdir', args: { path: '/work' } },
      variable('RUN_ID', 'r-1'),
      variable('NODE_ID', 'node'),
      variable('ATTEMPT', '4'),
      variable('IDEMPOTENCY_KEY', one.idempotencyKey),
      variable('TRACEPARENT', '00-a-b-01'),
      variable('COMMANDCENTER_RUN', 'r-1.node.4'),
      variable('NODE_OPTIONS', '--max-old-space-size=192'),
      { name: 'withSecretVariable', args: { name: 'CANARY', secret: { name: 'CANARY', plaintext: CANARY } } },
      {
        name: 'withExec',
        args: { args: ['node', '/agent/commandcenter-entry.mjs', JSON.stringify({ value: folder })], expect: 'ANY' },
      },
    ]);
    assert.equal(engine.queries.filter((query) => query.includes('sync')).length, 1);
    assert.equal(engine.queries.filter((query) => query.includes('setSecret')).length, 1);
    assert.deepEqual(
      engine.queries
        .slice(-3)
        .map((query) => /on Container \{ (\w+)/.exec(query)?.[1])
        .sort(),
      ['exitCode', 'stderr', 'stdout'],
    );
  });

  it('runs an image by its entry point, and writes back a workspace that the agent may write', async () => {
    const command = [process.execPath, agentNamed('chameleon').entry];
    const { engine, executor } = await startOn({
      token: 'right',
      images: { 'commandcenter-agent-chameleon': command },
    });
    const manifest = { ...agentNamed('chameleon').manifest, workspace: 'write' } as const;
    const agent = agentNamed('chameleon', { image: 'commandcenter-agent-chameleon', manifest });
    const result = await executor.execute(request(agent, { do: 'echo', value: 7, repositoryPath: folder }));
    assert.ok(result.ok, JSON.stringify(result));
    const last = engine.chains[0]?.at(-1);
    assert.equal(last?.args.useEntrypoint, true);
    const mount = engine.chains[0]?.find(({ name }) => name === 'withMountedDirectory');
    assert.equal(mount?.args.readOnly, false);
    assert.ok(
      engine.queries.some((query) => query.includes(`directory (path: "${folder}") { export (path: "${folder}")`)),
    );
  });

  it('gives its client nothing of the server but what Dagger needs', () => {
    const env = {
      PATH: '/bin',
      DATABASE_URL: 'postgres://x',
      AUTH_TOKENS: 'x',
      DOCKER_HOST: 'unix:///x',
      _EXPERIMENTAL_DAGGER_RUNNER_HOST: 'tcp://x',
      https_proxy: 'http://x',
    };
    assert.deepEqual(Object.keys(sessionEnvironment(env)), [
      'PATH',
      'DOCKER_HOST',
      '_EXPERIMENTAL_DAGGER_RUNNER_HOST',
      'https_proxy',
    ]);
  });

  it('shows the agent’s lines live when it opens its own session, each once and without the result', async () => {
    const executor = await startCli('ok');
    const one = request(agentNamed('chameleon'), { do: 'lines', count: 3, pauseMs: 200 });
    let ended = false;
    const result = executor.execute(one).finally(() => (ended = true));
    await waitFor(() => one.lines.some(({ text }) => text === 'line 1'), {
      describe: 'the first line',
      timeoutMs: 30_000,
    });
    assert.equal(ended, false);
    assert.ok((await result).ok);
    assert.equal(textOf(one), 'line 1\nline 2\nline 3');
    // the session is closed once the result is known
    await waitFor(() => recorded().length > 1, { describe: 'the end of the CLI' });
    const [first, last] = recorded();
    assert.deepEqual(first?.args.slice(0, 3), ['session', '--label', 'dagger.io/sdk.name:nodejs']);
    assert.equal(last?.event, 'stopped');
  });

  it('ends the session and the container at a cancel', async () => {
    const executor = await startCli('ok');
    const cancel = new AbortController();
    const one = request(agentNamed('chameleon'), { do: 'sleep' }, { signal: cancel.signal });
    const result = executor.execute(one);
    await waitFor(() => textOf(one) === 'sleeping', { describe: 'the agent to run', timeoutMs: 30_000 });
    cancel.abort();
    assert.equal(failureOf(await result).code, 'CANCELLED');
    await untilGone(recorded()[0]?.pid ?? 0);
  });

  describe('when something is wrong with the engine', () => {
    async function failWith(executor: DaggerExecutor, changes = {}): Promise<ExecutionFailure> {
      const one = request(agentNamed('chameleon'), { do: 'echo', value: 1 }, { secrets: { CANARY }, ...changes });
      const failure = failureOf(await executor.execute(one));
      assert.ok(!failure.message.includes('Yx81'), failure.message);
      return failure;
    }

    it('says that nothing listens', async () => {
      const executor = await start({ DAGGER_SESSION_PORT: '9', DAGGER_SESSION_TOKEN: 'x' });
      const { code, message, retryable } = await failWith(executor);
      assert.deepEqual({ code, retryable }, { code: 'EXECUTOR_UNAVAILABLE', retryable: true });
      assert.match(message, /engine does not answer.*docker ps.*AGENT_EXECUTOR=process/);
    });

    it('says that the CLI is not there', async () => {
      const executor = await start({ _EXPERIMENTAL_DAGGER_CLI_BIN: join(folder, 'nothing') });
      assert.match((await failWith(executor)).message, /_EXPERIMENTAL_DAGGER_CLI_BIN/);
    });

    it('says that there is no container runtime', async () => {
      assert.match(
        (await failWith(await startCli('fails'))).message,
        /no container runtime answers: start Docker or Podman/,
      );
    });

    it('says that the token is wrong', async () => {
      const { executor } = await startOn({ token: 'another' });
      assert.match((await failWith(executor)).message, /DAGGER_SESSION_TOKEN is wrong/);
    });

    it('says what an engine answers that is out of order, without the query', async () => {
      const { executor } = await startOn({ token: 'right', mode: 'broken' });
      const { message } = await failWith(executor);
      assert.match(message, /out of order/);
      assert.doesNotMatch(message, /withExec|plaintext/);
    });

    it('gives up on an engine that hangs', async () => {
      const executor = await startCli('hang', { connectMs: 5_000 });
      const failure = await failWith(executor);
      assert.equal(failure.code, 'EXECUTOR_UNAVAILABLE');
      assert.match(failure.message, /did not answer within 5 s/);
      await untilGone(recorded()[0]?.pid ?? 0);
    });

    it('keeps to its own time limit when the engine hangs while the agent runs', async () => {
      const { executor } = await startOn({ token: 'right', mode: 'hang-in-exec' });
      const one = request(agentNamed('chameleon'), { do: 'sleep' }, { timeoutMs: 2_000 });
      assert.equal(failureOf(await executor.execute(one)).code, 'TIMEOUT');
    });

    it('says that the image is not there, which is no failure of the engine', async () => {
      const { executor } = await startOn({ token: 'right', mode: 'no-image' });
      const { code, message, retryable } = await failWith(executor);
      assert.deepEqual({ code, retryable }, { code: 'AGENT_FAILED', retryable: false });
      assert.match(message, /image of chameleon cannot be pulled.*agents:build/);
    });

    it('says that the agent’s packages cannot be installed', async () => {
      const { executor } = await startOn({ token: 'right', mode: 'install-fails' });
      const { code, message } = await failWith(executor);
      assert.equal(code, 'AGENT_FAILED');
      assert.match(message, /packages of chameleon could not be installed \(exit code 1\).*E404/);
    });

    it('opens the circuit after three failures, and health tells', async () => {
      const executor = await start({ DAGGER_SESSION_PORT: '9', DAGGER_SESSION_TOKEN: 'x' });
      assert.equal((await executor.health(20_000)).ok, false);
      await failWith(executor);
      await failWith(executor);
      assert.match((await failWith(executor)).message, /not asked for now: 3 failures in a row, next try in \d+ s/);
      const health = await executor.health(10);
      assert.match(health.ok ? '' : health.error, /3 failures in a row/);
    });
  });

  it('is healthy on an engine that answers, and answers in time on one that does not', async () => {
    const { executor } = await startOn({ token: 'right' });
    assert.deepEqual(await executor.health(20_000), { ok: true });
    const { executor: stuck } = await startOn({ token: 'right', mode: 'hang' });
    const startedAt = performance.now();
    assert.equal((await stuck.health(300)).ok, false);
    assert.ok(performance.now() - startedAt < 20_000);
  });

  it('tells an agent that a signal killed from a failure of an engine that it started itself', async () => {
    const executor = await startCli('ok');
    const result = await executor.execute(request(agentNamed('chameleon'), { do: 'signal', signal: 'SIGKILL' }));
    assert.equal(failureOf(result).code, 'AGENT_KILLED');
  });

  it('warms images and packages without running an agent', async () => {
    const { engine, executor } = await startOn({ token: 'right' });
    await executor.warm([agentNamed('chameleon')]);
    assert.deepEqual(
      engine.chains.map((chain) => chain.at(-1)?.name),
      ['withNewFile'],
    );
  });

  it('says in the log what the engine does, as component DaggerExecutor', async () => {
    const lines: string[] = [];
    const log = createLogger({ level: 'debug', stream: { write: (line) => lines.push(line) } });
    const executor = await startCli('ok', { log: log.child({ component: 'DaggerExecutor' }) });
    await executor.execute(request(agentNamed('chameleon'), { do: 'leak', how: 'output' }, { secrets: { CANARY } }));
    assert.ok(lines.some((line) => line.includes('"component":"DaggerExecutor"') && line.includes('connect')));
    assert.ok(!lines.some((line) => line.includes('Yx81')));
  });
});

describe('Circuit breaker', () => {
  it('lets one attempt try when its time is over, and closes at a success', () => {
    let now = 0;
    const breaker = new CircuitBreaker(() => now);
    for (let failure = 0; failure < 3; failure += 1) {
      assert.equal(breaker.refusal(), undefined);
      breaker.failed('gone');
    }
    assert.match(breaker.refusal() ?? '', /3 failures in a row, next try in 15 s; the last: gone/);
    now = 15_000;
    assert.equal(breaker.refusal(), undefined);
    assert.match(breaker.refusal() ?? '', /next try in 15 s/);
    breaker.succeeded();
    assert.equal(breaker.refusal(), undefined);
    assert.equal(breaker.describe(), undefined);
  });
});

function failureOf(result: ExecutionResult): ExecutionFailure {
  assert.ok(!result.ok, 'it succeeded');
  return result;
}
