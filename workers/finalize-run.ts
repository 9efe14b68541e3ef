import type { FinalizeJob } from '../contracts/jobs.ts';
import type { Aftermath } from '../flows/aftermath.ts';
import type { Database } from '../sql/pool.ts';
import { findOpenCounts } from '../sql/queries/results.ts';
import { DONE, type JobOutcome } from './outcome.ts';

/**
 * The root of a flow: wakes when every job of the run has ended. The run has ended before, with the settle of its last
 * node, unless it has an output to resolve and the process that should have done it died.
 */
export function createFinalizeRun({ db, aftermath }: { readonly db: Database; readonly aftermath: Aftermath }) {
  return async function finalizeRun({ runId, epoch }: FinalizeJob): Promise<JobOutcome> {
    const open = await findOpenCounts(db, runId, epoch);
    if (open?.openNodes === 0 && open.openFinally === 0) {
      aftermath.of({ settled: [], ready: [], started: [], ended: [], finish: [runId], admitted: [] });
    }
    return DONE;
  };
}
