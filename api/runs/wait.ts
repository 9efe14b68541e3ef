import { findRunState } from '../../sql/queries/runs.ts';
import type { Api } from '../api.ts';
import { requireOwned } from './find-run.ts';

/**
 * Waits until the run has ended, the seconds are over, the caller is gone or the service stops.
 * @throws AppError NOT_FOUND unless it is a run of the workflow of this id or name
 */
export async function waitForEnd(
  { db, runWatch }: Pick<Api, 'db' | 'runWatch'>,
  { id, runId }: { id: string; runId: string },
  { seconds, signal }: { seconds: number; signal: AbortSignal },
): Promise<void> {
  const deadline = performance.now() + seconds * 1000;
  while (!signal.aborted && performance.now() < deadline) {
    const { changed, cancel } = runWatch.next(runId);
    const stop = setTimeout(cancel, deadline - performance.now());
    signal.addEventListener('abort', cancel, { once: true });
    try {
      const { ended } = await requireOwned({ db }, id, runId, await findRunState(db, runId));
      if (ended || (await changed) === 'ended') return;
    } finally {
      clearTimeout(stop);
      signal.removeEventListener('abort', cancel);
      cancel();
    }
  }
}
