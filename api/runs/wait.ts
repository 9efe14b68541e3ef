import { findRunAtItsEnd, findRunWithNodes, type RunWithNodes } from '../../sql/queries/runs.ts';
import type { Api } from '../api.ts';
import { requireOwned } from './find-run.ts';

/**
 * The run once it has ended, or as it is when the seconds are over, the caller is gone or the service stops.
 * @throws AppError NOT_FOUND unless it is a run of the workflow of this id or name
 */
export async function waitForEnd(
  { db, runWatch }: Pick<Api, 'db' | 'runWatch'>,
  { id, runId }: { id: string; runId: string },
  { seconds, signal }: { seconds: number; signal: AbortSignal },
): Promise<RunWithNodes> {
  const deadline = performance.now() + seconds * 1000;
  // a young run is not read before its first sign: that it goes on is known
  for (let isYoung = runWatch.isYoung(runId); !signal.aborted && performance.now() < deadline; isYoung = false) {
    const { changed, cancel } = runWatch.next(runId);
    const stop = setTimeout(cancel, deadline - performance.now());
    signal.addEventListener('abort', cancel, { once: true });
    try {
      const run = isYoung ? null : await requireOwned({ db }, id, runId, await findRunAtItsEnd(db, runId));
      if (run?.finishedAt) return run;
      if ((await changed) === 'ended') break;
    } finally {
      clearTimeout(stop);
      signal.removeEventListener('abort', cancel);
      cancel();
    }
  }
  return requireOwned({ db }, id, runId, await findRunWithNodes(db, runId));
}
