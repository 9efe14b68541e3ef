import { setTimeout as delay } from 'node:timers/promises';
import type { ExecutorHealth } from '../executor.ts';

/** A session costs half a second of CPU: its answer is good for a while. */
const FRESH_MS = 30_000;

/** The engine's health as it was a moment ago; asks again in the background when that is old. */
export class EngineHealth {
  readonly #ask: () => Promise<ExecutorHealth>;
  #known: ExecutorHealth | undefined;
  #askedAt = -Infinity;
  #asking: Promise<ExecutorHealth> | undefined;

  constructor(ask: () => Promise<ExecutorHealth>) {
    this.#ask = ask;
  }

  /** Answers within `timeoutMs`. */
  async check(timeoutMs: number): Promise<ExecutorHealth> {
    if (this.#known?.ok && performance.now() - this.#askedAt < FRESH_MS) return this.#known;
    const late: ExecutorHealth = { ok: false, error: `The Dagger engine has not answered within ${timeoutMs} ms` };
    return Promise.race([this.#askOnce(), delay(timeoutMs, this.#known ?? late, { ref: false })]);
  }

  #askOnce(): Promise<ExecutorHealth> {
    this.#asking ??= this.#ask()
      .then((answer) => {
        this.#known = answer;
        this.#askedAt = performance.now();
        return answer;
      })
      .finally(() => {
        this.#asking = undefined;
      });
    return this.#asking;
  }
}
