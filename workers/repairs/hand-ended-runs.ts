import { findRunsToCleanUp, markCleanedUp } from '../../sql/queries/reconcile.ts';
import { eachAlone, readablePlan, type Repair } from './repair.ts';

/** A run that an operator ended with an UPDATE: its jobs leave the queues, its agents are told to stop. */
export const handEndedRuns: Repair = {
  kind: 'ended_by_hand',
  async run(parts, repaired) {
    await eachAlone(
      await findRunsToCleanUp(parts.db),
      parts,
      ({ runId }) => runId,
      async (run) => {
        parts.aftermath.stop(run.runId);
        const plan = await readablePlan(run.versionId, parts);
        // jobs of a plan that nobody can read are dropped by the workers that get them
        if (plan) await parts.dispatcher.removeFlow(plan, run);
        await markCleanedUp(parts.db, run.runId);
        await repaired(run.runId);
      },
    );
  },
};
