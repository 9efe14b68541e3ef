import { tmpdir } from 'node:os';
import { AppError } from '../../contracts/errors.ts';
import { failpoint } from '../../platform/failpoints.ts';
import type { Logger } from '../../platform/log.ts';
import { createMasker, type Masker } from '../../platform/masker.ts';
import type { AgentReference, ExecutionRequest, ExecutionResult, Executor, ExecutorHealth } from './executor.ts';
import { maskOutput } from './mask-output.ts';
import { toAgentInput } from './process/argument.ts';
import type { AgentProcess } from './process/agent-process.ts';
import { attend } from './process/attend.ts';
import { isModule } from './process/command.ts';
import { attemptEnvironment, labelOf } from './process/environment.ts';
import { Launcher } from './process/launcher.ts';
import { MemoryWatch } from './process/memory-watch.ts';
import { assertStartable, startFailure } from './process/start-failure.ts';
import { sweepOrphans } from './process/sweep.ts';
import { TempFolders } from './process/temp-folders.ts';
import { giveOrder, isPreloadable, WarmPool, type WarmKind } from './process/warm-pool.ts';
import type { Reaper } from './reaper.ts';
import { RunningSet, toResult } from './running-set.ts';
import { judge, type Ending, type Verdict } from './verdict.ts';
import { workspacesOf } from './workspaces.ts';

export interface ProcessExecutorOptions {
  readonly workerId: string;
  readonly log: Logger;
  /** The server's environment: a few variables of it reach agents. */
  readonly env: NodeJS.ProcessEnv;
  /** Where our own programs are compiled to when running from sources (DATA_DIR). */
  readonly cacheDir: string;
  /** Folders that agents may be pointed at; undefined: any. */
  readonly workspaceRoots?: readonly string[] | undefined;
  /** Kills the agents when this worker cannot. */
  readonly reaper?: Reaper | undefined;
  /** Start processes ahead of time; default true. */
  readonly warm?: boolean | undefined;
  /** Processes and threads that one agent may have; default 512. */
  readonly maxProcesses?: number | undefined;
  /** Cores that one agent may use; default: all. */
  readonly cpus?: number | undefined;
  /** Where working folders are made; default: the system's temp folder. */
  readonly tempDir?: string | undefined;
}

const DEFAULT_MAX_PROCESSES = 512;
/** Of the pool's six: the others are for what really runs. Each takes about 45 MB. */
const MOST_WARMED = 4;
const SWEEP_AFTER_MS = 1_000;

/** Runs agents as processes of this machine. */
export class ProcessExecutor implements Executor {
  readonly name = 'process';
  readonly #options: ProcessExecutorOptions;
  readonly #folders: TempFolders;
  readonly #launcher: Launcher;
  readonly #pool: WarmPool | undefined;
  readonly #memoryWatch = new MemoryWatch();
  readonly #preloadable = new Map<string, boolean>();
  readonly #running = new RunningSet();
  #sweep: NodeJS.Timeout | undefined;

  constructor(options: ProcessExecutorOptions) {
    this.#options = options;
    this.#folders = new TempFolders(options.tempDir ?? tmpdir());
    this.#launcher = new Launcher({
      ...options,
      maxProcesses: options.maxProcesses ?? DEFAULT_MAX_PROCESSES,
      folders: this.#folders,
    });
    if (options.warm !== false) this.#pool = this.#createPool();
  }

  async start(): Promise<void> {
    await this.#launcher.start();
  }

  async stop(deadlineMs: number): Promise<void> {
    clearTimeout(this.#sweep);
    await this.#running.stop(deadlineMs);
    await this.#pool?.close();
    await this.#launcher.stop();
  }

  health(): Promise<ExecutorHealth> {
    return Promise.resolve(this.#running.refusing ? { ok: false, error: 'The executor is stopping' } : { ok: true });
  }

  /** Starts a process ahead of an agent's next run; resolves when it is started, not when it is ready. */
  async prepare(agent: AgentReference, memoryMb: number): Promise<void> {
    if (isModule(agent.entry)) await this.#pool?.refill(this.#kindOf(agent, memoryMb));
  }

  /** Starts one process each for the first agents that were made with the kit, one after the other. Never rejects. */
  async warmUp(agents: readonly AgentReference[], memoryMb: number): Promise<void> {
    const loadable = agents.filter(({ entry }) => isModule(entry) && this.#isPreloadable(entry));
    for (const agent of loadable.slice(0, MOST_WARMED)) await this.#pool?.fill(this.#kindOf(agent, memoryMb));
  }

  /** True when agents that only read their workspace cannot do otherwise; known once it is started. */
  get protectsWorkspaces(): boolean {
    return this.#launcher.protectsWorkspaces;
  }

  /** How many processes are ready for this agent's next runs. */
  ready(agent: AgentReference, memoryMb: number): number {
    return this.#pool?.ready(this.#kindOf(agent, memoryMb)) ?? 0;
  }

  execute(request: ExecutionRequest): Promise<ExecutionResult> {
    return this.#running.run(labelOf(request), () => this.#attempt(request));
  }

  async #attempt(request: ExecutionRequest): Promise<ExecutionResult> {
    const startedAt = performance.now();
    const refusal = await this.#refuse(request);
    if (refusal) return toResult(refusal, startedAt);
    const process = await this.#begin(request).catch((error: unknown) => startFailure(request.agent, error));
    if ('ok' in process) return toResult(process, startedAt);
    const masker = createMasker(Object.values(request.secrets));
    const ending = await attend(process, {
      request,
      masker,
      stopping: this.#running.stopping,
      watchMemory: (onExceeded) => this.#watchMemory(process, request, onExceeded),
    });
    this.#clearAway(process, request);
    return toResult(judgeMasked(ending, request, masker), startedAt, ending);
  }

  async #refuse({ signal, agent, input }: ExecutionRequest): Promise<Verdict | undefined> {
    if (signal.aborted)
      return { ok: false, code: 'CANCELLED', retryable: false, message: 'Cancelled before the agent was started' };
    try {
      await workspacesOf(input, agent.manifest, this.#options.workspaceRoots);
      return undefined;
    } catch (error) {
      if (!(error instanceof AppError)) return startFailure(agent, error);
      return { ok: false, code: error.code, retryable: false, message: error.message };
    }
  }

  /** @throws the system's error when the agent cannot be started */
  async #begin(request: ExecutionRequest): Promise<AgentProcess> {
    assertStartable(request.agent);
    const { argument, stdin } = toAgentInput(request.input);
    const env = attemptEnvironment(request);
    const { agent, memoryMb } = request;
    const waiting = isModule(agent.entry) ? this.#pool?.take(this.#kindOf(agent, memoryMb)) : undefined;
    if (waiting) giveOrder(waiting, { entry: agent.entry, argument, env });
    const process = waiting ?? (await this.#launcher.startAgent(agent, argument, memoryMb, env));
    process.stdin.end(stdin);
    failpoint('agent-started');
    return process;
  }

  #watchMemory({ pid }: AgentProcess, { memoryMb }: ExecutionRequest, onExceeded: () => void): () => void {
    return this.#launcher.limitsMemory ? () => undefined : this.#memoryWatch.watch(pid, memoryMb, onExceeded);
  }

  /** Nobody waits for this: the result is on its way. */
  #clearAway(process: AgentProcess, request: ExecutionRequest): void {
    this.#running.after(this.#launcher.end(process));
    void this.prepare(request.agent, request.memoryMb);
    // a control group takes its daemons along; without one they have to be looked for
    if (!this.#launcher.limitsMemory)
      this.#sweep ??= setTimeout(() => {
        this.#sweepOwn();
      }, SWEEP_AFTER_MS).unref();
  }

  #sweepOwn(): void {
    this.#sweep = undefined;
    const live = this.#running.labels;
    sweepOrphans({
      isLive: ({ workerId, run }) => workerId !== this.#options.workerId || run === undefined || live.has(run),
    });
  }

  #kindOf(agent: AgentReference, memoryMb: number): WarmKind {
    const preload = this.#isPreloadable(agent.entry) ? agent.entry : undefined;
    const { network, workspace } = agent.manifest;
    return { preload, memoryMb, network, readOnly: workspace !== 'write' };
  }

  #isPreloadable(entry: string): boolean {
    const known = this.#preloadable.get(entry) ?? isPreloadable(entry);
    this.#preloadable.set(entry, known);
    return known;
  }

  #createPool(): WarmPool {
    return new WarmPool({
      start: (kind) => this.#launcher.startWaiting(kind),
      end: (process) => this.#launcher.end(process),
    });
  }
}

/** Judges what was really printed; what is shown of it is masked before it is cut. */
function judgeMasked(ending: Ending, request: ExecutionRequest, masker: Masker): Verdict {
  const verdict = judge(ending, request);
  if (!verdict.ok) return judge({ ...ending, stdout: masker.mask(ending.stdout) }, request);
  return Object.keys(request.secrets).length === 0 ? verdict : { ok: true, output: maskOutput(verdict.output, masker) };
}
