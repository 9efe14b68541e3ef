import { admitWaiting } from '../../sql/queries/reconcile.ts';
import type { Repair } from './repair.ts';

/** A place under a concurrency limit that nobody took: the run that waits for it is admitted; its flow follows as for any quiet run. */
export const admittedRuns: Repair = {
  kind: 'place_unused',
  async run(parts, repaired) {
    for (const runId of await admitWaiting(parts.db)) await repaired(runId);
  },
};
