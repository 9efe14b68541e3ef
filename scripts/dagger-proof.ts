// `npm run dagger:proof [-- SECONDS]`: proves the Dagger executor on this machine's engine, one line per claim. Ends with 1
// when one does not hold, or no engine answers. SECONDS (20) is how long the agents that are to be stopped may sleep: more
// than the engine takes to open a session.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLogger } from '../platform/log.ts';
import type { Json } from '../contracts/json.ts';
import { describeAgents } from '../workers/agents/describe.ts';
import { DaggerExecutor } from '../workers/executors/dagger.ts';
import type { AgentReference, ExecutionRequest, ExecutionResult } from '../workers/executors/executor.ts';

const FIXTURES = fileURLToPath(new URL('../test/fixtures/agents', import.meta.url));
const CANARY = 'canary-of-the-proof-4711';
/** The first run may pull an image. */
const PATIENCE_MS = 10 * 60_000;
const STOPPED_AFTER_MS = Number(process.argv[2] ?? 20) * 1000;

const folder = mkdtempSync(join(tmpdir(), 'dagger-proof-'));
const executor = new DaggerExecutor({
  log: createLogger({ level: 'warn', stream: process.stderr }),
  env: process.env,
  cacheDir: join(folder, 'data'),
  connectMs: PATIENCE_MS,
});

try {
  await executor.start();
  await prove();
} finally {
  await executor.stop(0);
  rmSync(folder, { recursive: true, force: true });
}

async function prove(): Promise<void> {
  const health = await executor.health(PATIENCE_MS);
  report('an engine answers', health.ok ? undefined : health.error);
  if (!health.ok) return;
  const { registered } = await describeAgents(FIXTURES, join(folder, 'data'));
  const agent = registered.find(({ name }) => name === 'chameleon');
  if (!agent) throw new Error(`no agent chameleon in ${FIXTURES}`);
  for (const [claim, holds] of claimsOf(agent)) report(claim, await holds().catch((error: unknown) => String(error)));
}

type Claim = readonly [claim: string, holds: () => Promise<string | undefined>];

/** Each gives back what is wrong, or undefined. */
function claimsOf(agent: AgentReference): readonly Claim[] {
  const run = (input: Json, changes: Partial<ExecutionRequest> = {}) =>
    executor.execute(request(agent, input, changes));
  const ended = async (code: string, input: Json, changes: Partial<ExecutionRequest> = {}) => {
    const result = await run(input, changes);
    return !result.ok && result.code === code ? undefined : `not ${code} but ${shown(result)}`;
  };
  return [
    ['images and packages are warmed', () => executor.warm([agent]).then(() => undefined)],
    [
      'an agent runs and its output comes back',
      async () => wrong(await run({ do: 'echo', value: 'ü' }), '"value":"ü"'),
    ],
    ['an output of 3 MB comes back', async () => wrong(await run({ do: 'large', bytes: 3_000_000 }), 'xxx')],
    ['a second attempt really runs', () => runsTwice(agent)],
    ['its lines of stderr are logged', () => logsLines(agent)],
    ['exit code 2 must not be retried', () => ended('AGENT_REFUSED', { do: 'fail', code: 2, error: 'no' })],
    ['an agent that a signal kills is told apart', () => ended('AGENT_KILLED', { do: 'signal', signal: 'SIGKILL' })],
    ['the time limit ends it', () => ended('TIMEOUT', { do: 'sleep' }, { timeoutMs: STOPPED_AFTER_MS })],
    [
      'a cancel ends it',
      () => ended('CANCELLED', { do: 'sleep' }, { signal: AbortSignal.timeout(STOPPED_AFTER_MS / 2) }),
    ],
    ['a secret reaches it and no log', () => keepsSecret(agent)],
    ['the workspace stays as it is', () => keepsWorkspace(agent)],
  ];
}

async function runsTwice(agent: AgentReference): Promise<string | undefined> {
  const births = [];
  for (const attempt of [1, 2]) {
    const lines: string[] = [];
    await executor.execute(request(agent, { do: 'born' }, { attempt, onLog: ({ text }) => lines.push(text) }));
    births.push(lines.join());
  }
  return births[0] !== births[1] && births[0] !== '' ? undefined : `both said: ${births.join(' | ')}`;
}

async function logsLines(agent: AgentReference): Promise<string | undefined> {
  const lines: string[] = [];
  const onLog: ExecutionRequest['onLog'] = ({ text }) => lines.push(text);
  await executor.execute(request(agent, { do: 'lines', count: 3, pauseMs: 50 }, { onLog }));
  return lines.join() === 'line 1,line 2,line 3' ? undefined : `logged: ${lines.join()}`;
}

async function keepsSecret(agent: AgentReference): Promise<string | undefined> {
  const lines: string[] = [];
  const changes = { secrets: { CANARY }, onLog: ({ text }: { text: string }) => void lines.push(text) };
  const all = `${shown(await executor.execute(request(agent, { do: 'leak', how: 'output' }, changes)))} ${lines.join()}`;
  if (all.includes(CANARY)) return 'the secret was shown';
  return all.includes('***') ? undefined : `the agent did not have it: ${all}`;
}

async function keepsWorkspace(agent: AgentReference): Promise<string | undefined> {
  const workspace = mkdtempSync(join(folder, 'workspace-'));
  await executor.execute(
    request(agent, { do: 'write', paths: [join(workspace, 'written')], repositoryPath: workspace }, {}),
  );
  const files = readdirSync(workspace);
  return files.length === 0 ? undefined : `it now holds ${files.join()}`;
}

function request(agent: AgentReference, input: Json, changes: Partial<ExecutionRequest>): ExecutionRequest {
  return {
    ...{ agent, input, runId: crypto.randomUUID(), nodeId: 'proof', attempt: 1, idempotencyKey: crypto.randomUUID() },
    ...{ timeoutMs: PATIENCE_MS, memoryMb: 256, maxOutputBytes: 16 * 1024 * 1024, secrets: {} },
    ...{ signal: new AbortController().signal, onLog: () => undefined },
    ...changes,
  };
}

function wrong(result: ExecutionResult, expected: string): string | undefined {
  return result.ok && shown(result).includes(expected) ? undefined : shown(result);
}

function shown(result: ExecutionResult): string {
  return JSON.stringify(result.ok ? result.output : { code: result.code, message: result.message });
}

function report(claim: string, problem: string | undefined): void {
  console.log(problem === undefined ? `✓ ${claim}` : `✗ ${claim}: ${problem.slice(0, 500)}`);
  if (problem !== undefined) process.exitCode = 1;
}
