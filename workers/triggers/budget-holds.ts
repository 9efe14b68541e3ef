import { findDecidedHolds } from '../../sql/queries/alerts.ts';
import { eachAlone, type Task } from './task.ts';

/** A run over budget waits at each of its first nodes; what a person decides at one holds for the others. */
export const budgetHolds: Task = {
  name: 'budget-holds',
  async run(parts) {
    await eachAlone(
      await findDecidedHolds(parts.db),
      parts,
      ({ approvalId }) => approvalId,
      async ({ approvalId, decision, by }) => {
        const notes = 'As at another first node of the run';
        await parts.control.decide(approvalId, { decision, respondedBy: by, notes, who: 'entitled' });
      },
    );
  },
};
