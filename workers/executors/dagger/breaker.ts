/** Failures in a row after which nothing is tried for a while. */
const THRESHOLD = 3;
const OPEN_MS = 15_000;

/**
 * Keeps attempts from queueing up before an engine that is not there: after three failures in a row it is open for 15 s,
 * then one attempt may try; its success closes it.
 */
export class CircuitBreaker {
  readonly #now: () => number;
  #failures = 0;
  #lastReason = '';
  #retryAt = 0;

  /** @param now monotonic milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Why nothing may be tried now, or undefined. Asking it while it is half open lets one attempt through. */
  refusal(): string | undefined {
    if (this.#failures < THRESHOLD) return undefined;
    const waitMs = this.#retryAt - this.#now();
    if (waitMs <= 0) {
      this.#retryAt = this.#now() + OPEN_MS;
      return undefined;
    }
    return this.describe();
  }

  /** The state for health checks: undefined when closed. */
  describe(): string | undefined {
    if (this.#failures < THRESHOLD) return undefined;
    const seconds = Math.max(0, Math.ceil((this.#retryAt - this.#now()) / 1000));
    return `${this.#failures} failures in a row, next try in ${seconds} s; the last: ${this.#lastReason}`;
  }

  succeeded(): void {
    this.#failures = 0;
  }

  failed(reason: string): void {
    this.#failures += 1;
    this.#lastReason = reason;
    if (this.#failures >= THRESHOLD) this.#retryAt = this.#now() + OPEN_MS;
  }
}
