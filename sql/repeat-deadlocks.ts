import { isDeadlock } from './errors.ts';

export interface RepeatOptions {
  /** How often it is repeated; default: 5. */
  readonly most?: number;
  /** Hears of each time, before it. */
  readonly tell?: () => void;
}

/**
 * Repeats what Postgres rolled back because it met others in a deadlock.
 * @throws what `work` throws, when it is no deadlock or was repeated so often
 */
export async function repeatDeadlocks<T>(work: () => Promise<T>, { most = 5, tell }: RepeatOptions = {}): Promise<T> {
  for (let repeats = 0; ; repeats++) {
    try {
      return await work();
    } catch (error) {
      if (repeats >= most || !isDeadlock(error)) throw error;
      tell?.();
    }
  }
}
