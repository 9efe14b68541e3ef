import { AppError, ERROR_CATALOGUE, type ErrorCode } from '../contracts/errors.ts';
import type { Json, JsonObject } from '../contracts/json.ts';
import type { PlanNode } from '../flows/plan.ts';
import type { LinkSettings } from '../flows/approval-link.ts';
import type { Engine } from '../flows/engine.ts';
import type { Scope } from '../flows/expressions.ts';
import { validateInput } from '../flows/json-schema.ts';
import { failpoint } from '../platform/failpoints.ts';
import type { Hints } from '../platform/hints.ts';
import type { Logger } from '../platform/log.ts';
import type { Metrics } from '../platform/metrics.ts';
import type { Database } from '../sql/pool.ts';
import type { ClaimedNode } from '../sql/queries/engine.ts';
import { saveInput, saveProgress } from '../sql/queries/leases.ts';
import { keepResult } from '../sql/queries/result-cache.ts';
import type { AgentsHere, RunnableAgent } from './agents-here.ts';
import { cacheKey } from './cache-key.ts';
import { openAttemptLog, type AttemptLog } from './attempt-log.ts';
import type { DatabaseClock } from './database-clock.ts';
import type { Executor, Progress } from './executors/executor.ts';
import type { Lease, LeaseKeeper, StopReason } from './lease.ts';
import { DONE, park, type JobOutcome } from './outcome.ts';
import { judge, type AttemptFailure } from './retry.ts';
import type { SecretSource } from './secrets.ts';
import { signInput, type SignedInput } from './signed-input.ts';
import type { Spool } from './spool.ts';

export interface AgentLimits {
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly maxOutputBytes: number;
}

export interface AgentRunParts {
  readonly db: Database;
  /** For what must not wait behind a busy pool: input and progress. */
  readonly engine: Engine;
  readonly executor: Executor;
  readonly agents: AgentsHere;
  readonly leases: LeaseKeeper;
  readonly spool: Spool;
  readonly secrets: SecretSource;
  readonly limits: AgentLimits;
  readonly links: LinkSettings;
  readonly hints: Hints;
  readonly clock: DatabaseClock;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** An agent's node that this worker has claimed. */
export interface AgentTurn {
  readonly runId: string;
  readonly token: string;
  readonly workerId: string;
  readonly node: PlanNode;
  readonly claimed: ClaimedNode;
  readonly scope: Scope;
  readonly traceparent?: string;
}

type Ending =
  | { readonly kind: 'success'; readonly output: Json; /** For the cache. */ readonly key: string }
  | ({ readonly kind: 'failure' } & AttemptFailure)
  | { readonly kind: 'stopped'; readonly reason: StopReason };

/** Runs one attempt: resolve, validate, execute, validate, and then settle, or give back for another attempt. */
export async function runAgent(turn: AgentTurn, parts: AgentRunParts): Promise<JobOutcome> {
  const { runId, token, node, claimed } = turn;
  const lease = parts.leases.hold({ runId, agentRunId: claimed.agentRunId, token, isFinally: node.node.finally });
  const startedAt = performance.now();
  try {
    const ending = await attempt(turn, lease, parts).catch(asFailure);
    observe(turn, ending, (performance.now() - startedAt) / 1000, parts.metrics);
    return await conclude(turn, ending, parts);
  } finally {
    lease.end();
  }
}

async function attempt(turn: AgentTurn, lease: Lease, parts: AgentRunParts): Promise<Ending> {
  const { node, claimed, token } = turn;
  const agent = await findAgent(node, parts.agents);
  const input = resolveInput(node, turn.scope, agent);
  // a process that stood still since its claim must not start an agent beside that of the worker that took over
  if (!(await saveInput(parts.db, claimed.agentRunId, token, input))) return { kind: 'stopped', reason: 'lost' };
  const attemptLog = openAttemptLog(claimed, parts);
  try {
    const signed = await signInput(input, turn.scope.run, parts);
    const given = { ...signed, secrets: await secretsFor(node, agent, attemptLog, parts) };
    const result = await parts.executor.execute(requestOf(turn, agent, given, lease, attemptLog, parts));
    failpoint('agent-ended');
    if (lease.signal.aborted) return { kind: 'stopped', reason: lease.signal.reason as StopReason };
    return result.ok ? checkOutput(node, agent, input, result.output) : { kind: 'failure', ...result };
  } finally {
    await attemptLog.end();
  }
}

/**
 * Those of the agent's manifest, which it may do without, and those of the definition, which it may not.
 * @throws AppError FORBIDDEN where a policy keeps back one that the definition asks for
 */
async function secretsFor(
  { node }: PlanNode,
  { reference: { manifest, name } }: RunnableAgent,
  attemptLog: AttemptLog,
  { secrets }: AgentRunParts,
): Promise<Readonly<Record<string, string>>> {
  const wanted = node.secrets ?? [];
  const { given, refused } = await secrets.of([...manifest.secrets, ...wanted], name);
  for (const { message } of refused) attemptLog.write({ at: new Date(), stream: 'stderr', text: `[${message}]` });
  const missed = refused.find((one) => wanted.includes(one.name));
  if (missed) throw new AppError('FORBIDDEN', missed.message);
  return given;
}

async function findAgent({ node }: PlanNode, agents: AgentsHere): Promise<RunnableAgent> {
  const name = node.kind === 'agent' ? node.agent : '';
  const agent = await agents.find(name);
  if (agent) return agent;
  throw new AppError(
    'AGENT_NOT_FOUND',
    `Agent ${name} is not registered, or this worker has neither its folder nor an image for it: ` +
      'put its folder into AGENTS_DIR, or register it with an image',
  );
}

function resolveInput(node: PlanNode, scope: Scope, agent: RunnableAgent): JsonObject {
  const { input = {} } = (node.input?.resolve(scope) ?? {}) as { input?: JsonObject };
  const problems = validateInput(agent.inputSchema, input);
  if (problems.length === 0) return input;
  throw new AppError(
    'NODE_INPUT_INVALID',
    `The input of agent ${agent.reference.name} does not fit its schema: ${listed(problems)}`,
  );
}

function checkOutput(node: PlanNode, agent: RunnableAgent, input: JsonObject, output: Json): Ending {
  const problems = validateInput(agent.outputSchema, output);
  if (problems.length === 0) return { kind: 'success', output, key: node.node.cache ? cacheKey(agent, input) : '' };
  const message =
    `The output of agent ${agent.reference.name} (node ${node.id}) does not fit its schema: ${listed(problems)}. ` +
    `It printed: ${JSON.stringify(output).slice(0, 300)}`;
  return { kind: 'failure', code: 'AGENT_OUTPUT_MISMATCH', message, retryable: true, exitCode: 0 };
}

function listed(problems: readonly { path: string; message: string }[]): string {
  const shown = problems.slice(0, 5).map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  return shown.join('; ') + (problems.length > 5 ? ` (and ${problems.length - 5} more)` : '');
}

function requestOf(
  turn: AgentTurn,
  agent: RunnableAgent,
  { input, link, secrets }: SignedInput & { readonly secrets: Readonly<Record<string, string>> },
  lease: Lease,
  attemptLog: AttemptLog,
  parts: AgentRunParts,
) {
  const { runId, node, claimed, token } = turn;
  const { manifest } = agent.reference;
  const seconds = node.node.timeoutSeconds ?? manifest.timeoutSeconds ?? parts.limits.timeoutSeconds;
  return {
    agent: agent.reference,
    input,
    runId,
    nodeId: node.id,
    attempt: claimed.attempt,
    idempotencyKey: claimed.agentRunId,
    label: `${runId}.${claimed.agentRunId}.${token}`,
    timeoutMs: Math.min(seconds * 1000, remainingMs(turn, parts.clock)),
    memoryMb: parts.limits.memoryMb,
    maxOutputBytes: parts.limits.maxOutputBytes,
    secrets: {
      ...secrets,
      ...(link !== undefined && { APPROVAL_LINK: link }),
    },
    signal: lease.signal,
    onLog: (line: Parameters<AttemptLog['write']>[0]) => {
      attemptLog.write(line);
    },
    onProgress: throttled((progress: Progress) => {
      saveProgress(parts.db, claimed.agentRunId, token, progress).then(
        () => {
          parts.hints.publish('run', { runId });
        },
        () => undefined,
      );
    }),
    ...(turn.traceparent !== undefined && { traceparent: turn.traceparent }),
  };
}

/** What the node's time limit over all attempts leaves; Infinity without one. */
function remainingMs({ node, claimed }: AgentTurn, clock: DatabaseClock): number {
  const { totalTimeoutSeconds } = node.node;
  if (totalTimeoutSeconds === undefined || claimed.firstStartedAt === null) return Infinity;
  return Math.max(1, Date.parse(claimed.firstStartedAt) + totalTimeoutSeconds * 1000 - clock.now());
}

const PROGRESS_MS = 1000;

/** At most one call a second; what comes in between is replaced by what comes later. */
function throttled<T>(call: (value: T) => void): (value: T) => void {
  let last = -Infinity;
  return (value) => {
    if (performance.now() - last < PROGRESS_MS) return;
    last = performance.now();
    call(value);
  };
}

function asFailure(error: unknown): Ending {
  if (!(error instanceof AppError)) throw error;
  const { retryable } = ERROR_CATALOGUE[error.code];
  return { kind: 'failure', code: error.code, message: error.message, retryable, exitCode: null };
}

async function conclude(turn: AgentTurn, ending: Ending, parts: AgentRunParts): Promise<JobOutcome> {
  const identity = { runId: turn.runId, agentRunId: turn.claimed.agentRunId, token: turn.token };
  switch (ending.kind) {
    case 'success':
      failpoint('result-parsed');
      await parts.spool.settle({ ...identity, status: 'SUCCESS', output: ending.output, exitCode: 0 });
      await keepForLater(turn, ending, parts);
      return DONE;
    case 'stopped':
      return stopped(identity, ending.reason, parts);
    case 'failure':
      return failed(turn, identity, ending, parts);
  }
}

/** Keeps the result of a node with `cache`; losing it costs a run of the node, nothing else. */
async function keepForLater(
  { node, runId }: AgentTurn,
  { output, key }: Extract<Ending, { kind: 'success' }>,
  { db, log }: AgentRunParts,
): Promise<void> {
  if (node.node.cache === undefined) return;
  await keepResult(db, { key, output, runId, ttlSeconds: node.node.cache.ttlSeconds }).catch((error: unknown) => {
    log.warn({ err: error, runId }, 'a result was not kept for later runs');
  });
}

interface Identity {
  readonly runId: string;
  readonly agentRunId: string;
  readonly token: string;
}

async function stopped(identity: Identity, reason: StopReason, { engine, spool }: AgentRunParts): Promise<JobOutcome> {
  if (reason === 'lost') return park(1000);
  if (reason === 'cancelled') {
    await spool.settle({
      ...identity,
      status: 'CANCELLED',
      errorCode: 'CANCELLED',
      errorMessage: 'The run was cancelled',
    });
    return DONE;
  }
  await engine.release({
    ...identity,
    delaySeconds: 0,
    lost: true,
    errorCode: 'WORKER_LOST',
    errorMessage: 'The worker was stopped and gave the node back',
  });
  return park(1);
}

async function failed(
  turn: AgentTurn,
  identity: Identity,
  failure: AttemptFailure,
  parts: AgentRunParts,
): Promise<JobOutcome> {
  const { attempt, lostAttempts } = turn.claimed;
  const left = remainingMs(turn, parts.clock);
  const verdict = judge(failure, turn.node.node.retry, { attempt, lostAttempts, remainingMs: left });
  const exitCode = failure.exitCode === null ? {} : { exitCode: failure.exitCode };
  if (verdict.retry) {
    if (turn.node.node.kind === 'agent') parts.metrics.agentRetriesTotal.inc({ agent: turn.node.node.agent });
    await parts.engine.release({
      ...identity,
      ...exitCode,
      delaySeconds: verdict.delayMs / 1000,
      lost: verdict.lost,
      errorCode: failure.code,
      errorMessage: failure.message,
    });
    return park(verdict.delayMs + 5);
  }
  const code: ErrorCode = failure.code === 'TIMEOUT' && left <= 1 ? 'TOTAL_TIMEOUT' : failure.code;
  await parts.spool.settle({
    ...identity,
    ...exitCode,
    status: 'FAILED',
    errorCode: code,
    errorMessage: failure.message,
  });
  return { kind: 'failed', message: failure.message };
}

function observe({ node }: AgentTurn, ending: Ending, seconds: number, metrics: Metrics): void {
  if (node.node.kind !== 'agent') return;
  const status = { success: 'SUCCESS', failure: 'FAILED', stopped: 'CANCELLED' }[ending.kind];
  metrics.agentDurationSeconds.record({ agent: node.node.agent, status }, seconds);
  metrics.agentRunsTotal.inc({ agent: node.node.agent, status });
}
