import { findDueNodes } from '../../sql/queries/reconcile.ts';
import { eachAlone, type Repair } from './repair.ts';

/** A timer that is over and whose job has not looked: the node settles here. (A retry that is due is a ready node.) */
export const wakeUps: Repair = {
  kind: 'timer_overdue',
  async run(parts, repaired) {
    const due = await findDueNodes(parts.db);
    await eachAlone(
      due.filter(({ waitingFor }) => waitingFor === 'timer'),
      parts,
      ({ agentRunId }) => agentRunId,
      async ({ runId, agentRunId }) => {
        await parts.engine.settle({ runId, agentRunId, token: null, status: 'SUCCESS', output: { waited: true } });
        await repaired(runId);
      },
    );
  },
};
