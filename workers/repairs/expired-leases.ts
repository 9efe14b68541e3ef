import { findExpiredLeases, type ExpiredLease } from '../../sql/queries/reconcile.ts';
import { LEASE_SECONDS } from '../lease.ts';
import { LOST_BUDGET } from '../retry.ts';
import { eachAlone, type Repair, type RepairParts } from './repair.ts';

/** A worker has not been heard of within its lease: the node runs again, or has cost too many workers and fails. */
export const expiredLeases: Repair = {
  kind: 'lease_expired',
  needsLeases: true,
  async run(parts, repaired) {
    const leases = await findExpiredLeases(parts.db, LEASE_SECONDS);
    await eachAlone(
      leases,
      parts,
      ({ agentRunId }) => agentRunId,
      async (lease) => {
        await (lease.lostAttempts >= LOST_BUDGET ? fail(lease, parts) : release(lease, parts));
        await repaired(lease.runId);
      },
    );
  },
};

async function release(lease: ExpiredLease, { engine, plans, dispatcher }: RepairParts): Promise<void> {
  const { runId, agentRunId, token } = lease;
  await engine.release({
    runId,
    agentRunId,
    token,
    delaySeconds: 0,
    lost: true,
    errorCode: 'WORKER_LOST',
    errorMessage: lost(lease),
  });
  // The job that the lost worker holds comes back when BullMQ finds it stalled, which takes longer.
  const plan = await plans.get(lease.versionId);
  await dispatcher.addNodes(plan, lease, [{ ...lease, lostAttempts: lease.lostAttempts + 1 }]);
}

async function fail(lease: ExpiredLease, { engine }: RepairParts): Promise<void> {
  const { runId, agentRunId, token, attempt } = lease;
  const errorMessage = `${lost(lease)}; it was attempt ${attempt}, and ${LOST_BUDGET} lost workers are allowed`;
  await engine.settle({ runId, agentRunId, token, status: 'FAILED', errorCode: 'WORKER_LOST', errorMessage });
}

function lost({ workerId, nodeId }: ExpiredLease): string {
  return `Worker ${workerId ?? 'unknown'} was lost while it ran node ${nodeId}`;
}
