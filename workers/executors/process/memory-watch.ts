import { residentBytesOf } from './resident-memory.ts';

const INTERVAL_MS = 250;

interface Watched {
  readonly limitBytes: number;
  readonly onExceeded: () => void;
}

/** Looks at the memory of all watched process groups every 250 ms: one walk over /proc for all of them. */
export class MemoryWatch {
  readonly #groups = new Map<number, Watched>();
  #looking = false;

  /** Calls `onExceeded` once when the group holds more than the limit; returns what ends the watch. */
  watch(pgid: number, limitMb: number, onExceeded: () => void): () => void {
    this.#groups.set(pgid, { limitBytes: limitMb * 1024 * 1024, onExceeded });
    this.#lookLater();
    return () => {
      this.#groups.delete(pgid);
    };
  }

  #lookLater(): void {
    if (this.#looking) return;
    this.#looking = true;
    setTimeout(() => void this.#look(), INTERVAL_MS).unref();
  }

  async #look(): Promise<void> {
    // a look that fails (ps missing, say) must not end the looking
    const sizes = await residentBytesOf(new Set(this.#groups.keys())).catch(() => new Map<number, number>());
    for (const [pgid, bytes] of sizes) {
      const watched = this.#groups.get(pgid);
      if (!watched || bytes <= watched.limitBytes) continue;
      this.#groups.delete(pgid);
      watched.onExceeded();
    }
    this.#looking = false;
    if (this.#groups.size > 0) this.#lookLater();
  }
}
