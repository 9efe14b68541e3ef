import type { History } from '../history/history.ts';

/** Something that must not have happened. */
export interface Violation {
  /** One sentence: what is wrong, with ids. */
  readonly message: string;
  /** Whose timeline explains it; absent where no run is to blame. */
  readonly runId?: string;
}

/** One of the design's invariants, as far as a history can prove it. */
export interface Invariant {
  /** As in the design: I1 to I15. */
  readonly id: string;
  readonly promise: string;
  check(history: History): Violation[];
}
