import { findEnded } from '../../sql/queries/runs.ts';
import type { Api } from '../api.ts';

/** Waits until the run has ended, the seconds are over, the caller is gone or the service stops. */
export async function waitForEnd(
  { db, runWatch }: Pick<Api, 'db' | 'runWatch'>,
  runId: string,
  { seconds, signal }: { seconds: number; signal: AbortSignal },
): Promise<void> {
  const deadline = performance.now() + seconds * 1000;
  while (!signal.aborted && performance.now() < deadline) {
    const { changed, cancel } = runWatch.next(runId);
    const stop = setTimeout(cancel, deadline - performance.now());
    signal.addEventListener('abort', cancel, { once: true });
    try {
      const [ended] = await findEnded(db, [runId]);
      if (ended !== undefined) return;
      await changed;
    } finally {
      clearTimeout(stop);
      signal.removeEventListener('abort', cancel);
      cancel();
    }
  }
}
