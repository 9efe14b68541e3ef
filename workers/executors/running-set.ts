import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { ExecutionResult } from './executor.ts';
import type { Verdict } from './verdict.ts';

/** The attempts under way in one executor, and how they end when it stops. */
export class RunningSet {
  readonly #running = new Map<Promise<unknown>, string>();
  readonly #cleanups = new Set<Promise<unknown>>();
  readonly #stopping = new AbortController();
  #refusing = false;

  constructor() {
    setMaxListeners(0, this.#stopping.signal); // each attempt listens
  }

  get refusing(): boolean {
    return this.#refusing;
  }

  /** Aborted when what still runs must end now. */
  get stopping(): AbortSignal {
    return this.#stopping.signal;
  }

  /** The label of each attempt under way. */
  get labels(): ReadonlySet<string> {
    return new Set(this.#running.values());
  }

  /** Runs an attempt; refuses it once `stop` was called. */
  async run(label: string, attempt: () => Promise<ExecutionResult>): Promise<ExecutionResult> {
    if (this.#refusing) return toResult(STOPPING, performance.now());
    const running = attempt();
    this.#running.set(running, label);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  /** Lets work go on behind the result of its attempt; `stop` waits for it. */
  after(cleanup: Promise<unknown>): void {
    this.#cleanups.add(cleanup);
    void cleanup.finally(() => this.#cleanups.delete(cleanup));
  }

  /** Refuses new attempts, gives those under way until the deadline, then ends them. */
  async stop(deadlineMs: number): Promise<void> {
    this.#refusing = true;
    const deadline = new AbortController();
    const done = Promise.allSettled(this.#running.keys()).then(() => {
      deadline.abort();
    });
    await delay(deadlineMs, undefined, { signal: deadline.signal }).catch(() => undefined);
    this.#stopping.abort();
    await done;
    await Promise.allSettled(this.#cleanups);
  }
}

const STOPPING: Verdict = {
  ok: false,
  code: 'EXECUTOR_UNAVAILABLE',
  retryable: true,
  message: 'This worker is stopping and starts no agents any more',
};

/** Completes a verdict with how the process ended. @param startedAt of the monotonic clock */
export function toResult(
  verdict: Verdict,
  startedAt: number,
  exit: { exitCode: number | null; signal: string | null } = { exitCode: null, signal: null },
): ExecutionResult {
  const durationMs = Math.round(performance.now() - startedAt);
  if (verdict.ok) return { ...verdict, exitCode: 0, durationMs };
  const { exitCode, signal } = exit;
  return { ...verdict, exitCode, durationMs, ...(signal === null ? {} : { signal }) };
}
