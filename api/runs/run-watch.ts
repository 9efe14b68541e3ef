import type { Hints } from '../../platform/hints.ts';

/** How long a lost hint can delay somebody who waits. */
const LOOK_AGAIN_MS = 500;
/** Who starts a run and waits for its end asks within this time. */
const YOUNG_MS = 2_000;

export type RunSign = 'ended' | 'changed';

/** Tells waiters that a run may have changed: by a hint, and twice a second without one. */
export interface RunWatch {
  /**
   * A promise that resolves with the next sign of the run, 'ended' where that is what it says, to be asked for *before*
   * reading the run, so that nothing falls between. `cancel` must be called when it is not waited for any more.
   */
  next(runId: string): { readonly changed: Promise<RunSign>; cancel(): void };
  /** Notes a run that this process has just stored, of which no sign can have been missed. */
  began(runId: string): void;
  /** True for a run that this process has just stored and that has given no sign of its end: there is no need to read it. */
  isYoung(runId: string): boolean;
  close(): void;
}

export function createRunWatch(hints: Hints): RunWatch {
  const waiters = new Map<string, Set<(sign: RunSign) => void>>();
  /** When they were stored, oldest first. */
  const young = new Map<string, number>();
  const unsubscribe = hints.subscribe('run', ({ runId, ended }) => {
    if (typeof runId !== 'string') return;
    if (ended === true) young.delete(runId);
    wake(runId, ended === true ? 'ended' : 'changed');
  });

  function began(runId: string): void {
    const now = performance.now();
    for (const [id, at] of young) {
      if (now - at < YOUNG_MS) break;
      young.delete(id);
    }
    young.set(runId, now);
  }

  function wake(runId: string, sign: RunSign): void {
    for (const resolve of waiters.get(runId) ?? []) resolve(sign);
  }

  function next(runId: string) {
    const set = waiters.get(runId) ?? new Set();
    waiters.set(runId, set);
    let cancel = (): void => undefined;
    const changed = new Promise<RunSign>((resolve) => {
      const done = (sign: RunSign): void => {
        clearTimeout(timer);
        set.delete(done);
        if (set.size === 0 && waiters.get(runId) === set) waiters.delete(runId);
        resolve(sign);
      };
      const timer = setTimeout(done, LOOK_AGAIN_MS, 'changed');
      set.add(done);
      cancel = () => {
        done('changed');
      };
    });
    return { changed, cancel };
  }

  return {
    next,
    began,
    isYoung: (runId) => performance.now() - (young.get(runId) ?? -Infinity) < YOUNG_MS,
    close() {
      unsubscribe();
      for (const runId of [...waiters.keys()]) wake(runId, 'changed');
    },
  };
}
