import { AppError } from '../../contracts/errors.ts';
import { within } from '../../platform/deadline.ts';
import type { Logger } from '../../platform/log.ts';
import { createMasker } from '../../platform/masker.ts';
import { adviseOnEngine, isMissingImage } from './dagger/engine-advice.ts';
import { CircuitBreaker } from './dagger/breaker.ts';
import { EngineLog } from './dagger/engine-log.ts';
import { EngineHealth } from './dagger/engine-health.ts';
import type { RunOrder, SessionOrder } from './dagger/order.ts';
import { describeOutcome, failed, judgeOutcome } from './dagger/outcome.ts';
import { runSession, type SessionOptions, type SessionOutcome } from './dagger/session-process.ts';
import { sessionEnvironment } from './dagger/session-environment.ts';
import { forkSession, SpareProcess } from './dagger/spare-process.ts';
import { containerSource } from './dagger/source.ts';
import type { AgentReference, ExecutionRequest, ExecutionResult, Executor, ExecutorHealth } from './executor.ts';
import { toAgentInput } from './process/argument.ts';
import { heapLimit } from './process/command.ts';
import { attemptEnvironment, labelOf } from './process/environment.ts';
import { programFile } from './program.ts';
import type { Reaper } from './reaper.ts';
import { RunningSet, toResult } from './running-set.ts';
import type { Verdict } from './verdict.ts';
import { workspacesOf } from './workspaces.ts';

export interface DaggerExecutorOptions {
  readonly log: Logger;
  /** The server's environment: Dagger's own variables reach its client. */
  readonly env: NodeJS.ProcessEnv;
  /** Where our own programs are compiled to when running from sources (DATA_DIR). */
  readonly cacheDir: string;
  /** Folders that agents may be pointed at; undefined: any. */
  readonly workspaceRoots?: readonly string[] | undefined;
  readonly reaper?: Reaper | undefined;
  /** How long the engine has to answer for the first time; default 60 s. */
  readonly connectMs?: number | undefined;
}

const CONNECT_MS = 60_000;
const WARM_MS = 15 * 60_000;
/** What loading the SDK may take on a busy machine. */
const LOAD_MS = 30_000;

/** Runs agents in containers of a Dagger engine, one session per attempt; the engine's cache is shared by all. */
export class DaggerExecutor implements Executor {
  readonly name = 'dagger';
  readonly #options: DaggerExecutorOptions;
  readonly #running = new RunningSet();
  readonly #breaker = new CircuitBreaker();
  readonly #health: EngineHealth;
  readonly #spare = new SpareProcess(() => forkSession(this.#program, sessionEnvironment(this.#options.env)));
  #program = '';

  constructor(options: DaggerExecutorOptions) {
    this.#options = options;
    this.#health = new EngineHealth(() => this.#ping());
  }

  async start(): Promise<void> {
    this.#program = await programFile(new URL('./dagger/session', import.meta.url), this.#options.cacheDir);
  }

  async stop(deadlineMs: number): Promise<void> {
    this.#spare.close();
    await this.#running.stop(deadlineMs);
  }

  /** Answers from what is known; asks the engine when that is old. */
  health(timeoutMs: number): Promise<ExecutorHealth> {
    const open = this.#breaker.describe();
    return open === undefined ? this.#health.check(timeoutMs) : Promise.resolve({ ok: false, error: open });
  }

  /** Pulls the images and installs the packages of these agents ahead of their first run. @throws AppError EXECUTOR_UNAVAILABLE */
  async warm(agents: readonly AgentReference[]): Promise<void> {
    const sources = await Promise.all(agents.map(containerSource));
    const outcome = await this.#session({ kind: 'warm', sources }, { timeoutMs: WARM_MS });
    if (outcome.kind !== 'done') throw new AppError('EXECUTOR_UNAVAILABLE', adviseOnEngine(describeOutcome(outcome)));
  }

  execute(request: ExecutionRequest): Promise<ExecutionResult> {
    return this.#running.run(labelOf(request), () => this.#attempt(request));
  }

  async #attempt(request: ExecutionRequest): Promise<ExecutionResult> {
    const startedAt = performance.now();
    const masker = createMasker(Object.values(request.secrets));
    // compiling and reading folders have no time limit of their own, and an attempt has to end
    const prepared = await within(request.timeoutMs, this.#prepare(request));
    const order = prepared.late ? notPrepared(request) : prepared.value;
    if ('ok' in order) return toResult(order, startedAt);
    const engineLog = new EngineLog(masker, request, (line) => {
      this.#options.log.debug({ runId: request.runId, nodeId: request.nodeId, attempt: request.attempt }, line);
    });
    const outcome = await this.#session(order, {
      timeoutMs: request.timeoutMs,
      stops: [{ signal: request.signal, reason: 'cancelled' }],
      onEngineLog: (chunk) => engineLog.push(chunk),
    });
    this.#spare.refill();
    engineLog.end('stderr' in outcome ? outcome.stderr : '');
    this.#note(outcome);
    const verdict = judgeOutcome(outcome, request, masker);
    const exitCode = outcome.kind === 'ended' ? outcome.exitCode : null;
    return toResult(verdict, startedAt, { exitCode, signal: null });
  }

  /** The order for this attempt, or why it is not even tried. */
  async #prepare(request: ExecutionRequest): Promise<RunOrder | Verdict> {
    const { agent, input, signal, memoryMb, maxOutputBytes, secrets, workspaces = [] } = request;
    if (signal.aborted) return failed('CANCELLED', 'Cancelled before the agent was started', false);
    const open = this.#breaker.refusal();
    if (open !== undefined) return failed('EXECUTOR_UNAVAILABLE', `Dagger is not asked for now: ${open}`, true);
    try {
      const named = await workspacesOf(input, agent.manifest, this.#options.workspaceRoots);
      const { workspace } = agent.manifest;
      const mounts = workspace === 'none' ? [] : [...new Set([...named, ...workspaces])];
      return {
        kind: 'run',
        source: await containerSource(agent),
        ...toAgentInput(input),
        // an engine limits no memory: V8 is told, so that an agent in Node.js fails with a reason
        env: { ...attemptEnvironment({ ...request, secrets: {} }), NODE_OPTIONS: heapLimit(memoryMb) },
        secrets,
        workspaces: mounts.map((path) => ({ path, writable: workspace === 'write' })),
        maxOutputBytes,
      };
    } catch (error) {
      if (error instanceof AppError) return failed(error.code, error.message, false);
      return failed('AGENT_FAILED', `The agent ${agent.name} cannot be started: ${(error as Error).message}`, false);
    }
  }

  #session(order: SessionOrder, options: Partial<SessionOptions>): Promise<SessionOutcome> {
    const { reaper, connectMs = CONNECT_MS } = this.#options;
    return runSession(this.#spare.take(), order, {
      reaper,
      connectMs,
      timeoutMs: connectMs + LOAD_MS,
      onEngineLog: () => undefined,
      ...options,
      stops: [...(options.stops ?? []), { signal: this.#running.stopping, reason: 'stopping' }],
    });
  }

  async #ping(): Promise<ExecutorHealth> {
    const outcome = await this.#session({ kind: 'ping' }, {});
    this.#note(outcome);
    return outcome.kind === 'done' ? { ok: true } : { ok: false, error: adviseOnEngine(describeOutcome(outcome)) };
  }

  #note(outcome: SessionOutcome): void {
    if (outcome.kind === 'stopped') return;
    if (outcome.kind !== 'engine-failed' || isMissingImage(outcome.reason)) this.#breaker.succeeded();
    else {
      this.#breaker.failed(outcome.reason);
      this.#options.log.warn({ cause: outcome.reason }, 'The Dagger engine failed');
    }
  }
}

function notPrepared({ agent, timeoutMs }: ExecutionRequest): Verdict {
  const seconds = String(timeoutMs / 1000);
  return failed('TIMEOUT', `The agent ${agent.name} was not compiled within its time limit of ${seconds} s`, true);
}
