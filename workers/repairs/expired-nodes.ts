import { findExpiredNodes, type DueNode } from '../../sql/queries/reconcile.ts';
import { eachAlone, type Repair, type RepairParts } from './repair.ts';

/** A node that waited too long: in the queue, for a person, for a signal or a sub-workflow. */
export const expiredNodes: Repair = {
  kind: 'node_timed_out',
  async run(parts, repaired) {
    await eachAlone(
      await findExpiredNodes(parts.db),
      parts,
      ({ agentRunId }) => agentRunId,
      async (node) => {
        await expire(node, parts);
        await repaired(node.runId);
      },
    );
  },
};

async function expire(node: DueNode, { engine, plans, dispatcher }: RepairParts): Promise<void> {
  const { runId, agentRunId, nodeId, approvalId, onTimeout } = node;
  if (approvalId !== null) {
    const decision = onTimeout === 'approve' ? 'APPROVED' : 'REJECTED';
    await engine.decide({ approvalId, decision, respondedBy: 'time-out', expired: true });
    if (decision === 'APPROVED')
      await dispatcher.promote(await plans.get(node.versionId), node, { nodeIndex: node.nodeIndex });
    return;
  }
  const isQueue = node.expiresAs === 'QUEUE_TIMEOUT';
  await engine.settle({
    runId,
    agentRunId,
    token: null,
    status: 'FAILED',
    errorCode: isQueue ? 'QUEUE_TIMEOUT' : 'TIMEOUT',
    errorMessage: isQueue
      ? `Node ${nodeId} waited in the queue for longer than its queueTimeoutSeconds`
      : `Node ${nodeId} waited for ${node.waitingFor ?? 'its end'} for longer than its time limit`,
  });
}
