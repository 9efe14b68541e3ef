import type { Hints } from '../../platform/hints.ts';
import type { Examined, Rooms } from './examine.ts';

/**
 * Does what the disagreement names, or nothing where there is none. Harmless where it was wrong: the claim decides whether
 * a job has anything to do.
 */
export async function repair({ node, disagreement }: Examined, rooms: Rooms, hints: Hints): Promise<void> {
  switch (disagreement?.kind) {
    case 'gate_shut':
    case 'no_job': {
      const plan = await rooms.plans.get(node.versionId);
      if (node.itemIndex === null) await rooms.dispatcher.openGate(plan, node, node.nodeIndex);
      await rooms.dispatcher.addNodes(plan, node, [node]);
      return;
    }
    case 'lease_expired':
    case 'miscounted':
      hints.publish('look', { runId: node.runId });
      return;
    case 'worker_silent':
    case undefined:
      return;
  }
}
