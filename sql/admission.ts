/** A caller waiting for its turn. */
interface Waiter {
  readonly admit: () => void;
  readonly timer: NodeJS.Timeout | undefined;
}

export interface AdmissionOptions {
  /** How many may be inside at once. */
  readonly places: number;
  /** How long one waits outside, in ms; 0 waits for ever. */
  readonly timeoutMs: number;
  /** Makes the error of a caller that waited in vain. */
  readonly onTimeout: () => Error;
}

/**
 * A door with a fixed number of places behind it, first come, first served. slonik's own queue has no time limit; a
 * caller that gives up there would still get its connection later and run a statement that nobody waits for.
 */
export class Admission {
  readonly #options: AdmissionOptions;
  readonly #waiters = new Set<Waiter>();
  #inside = 0;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  get waiting(): number {
    return this.#waiters.size;
  }

  /** Runs `work` when there is a place; throws the error of `onTimeout` when there was none in time. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#inside < this.#options.places) this.#inside += 1;
    else await this.#wait();
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  #wait(): Promise<void> {
    const { timeoutMs, onTimeout } = this.#options;
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        this.#waiters.delete(waiter);
        reject(onTimeout());
      };
      const timer = timeoutMs === 0 ? undefined : setTimeout(giveUp, timeoutMs);
      const waiter: Waiter = { admit: resolve, timer };
      this.#waiters.add(waiter);
    });
  }

  /** The place goes straight to the next in line, so that nobody who comes now slips in before it. */
  #leave(): void {
    const [next] = this.#waiters;
    if (!next) {
      this.#inside -= 1;
      return;
    }
    this.#waiters.delete(next);
    clearTimeout(next.timer);
    next.admit();
  }
}
