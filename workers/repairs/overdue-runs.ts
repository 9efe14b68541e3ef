import { findOverdueRuns } from '../../sql/queries/reconcile.ts';
import { eachAlone, type Repair } from './repair.ts';

/** A run past its deadline ends FAILED with code TIMEOUT; its open nodes are cancelled, its finally nodes still run. */
export const overdueRuns: Repair = {
  kind: 'run_timed_out',
  async run(parts, repaired) {
    await eachAlone(
      await findOverdueRuns(parts.db),
      parts,
      ({ id }) => id,
      async ({ id, seconds }) => {
        const errorMessage = `The run did not end within its ${seconds} s`;
        await parts.engine.cancel({ runId: id, by: 'deadline', endAs: 'FAILED', errorCode: 'TIMEOUT', errorMessage });
        await repaired(id);
      },
    );
  },
};
