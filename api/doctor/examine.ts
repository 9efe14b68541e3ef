import type { Dispatcher, JobPresence } from '../../flows/dispatch.ts';
import type { Plans } from '../../flows/plans.ts';
import type { OpenNode } from '../../sql/queries/doctor.ts';

/** What Postgres, the queues and the worker say of one open node, and whether they agree. */
export interface Examined {
  readonly node: OpenNode;
  readonly job: JobPresence;
  readonly disagreement: Disagreement | null;
}

export interface Disagreement {
  readonly kind: 'no_job' | 'gate_shut' | 'lease_expired' | 'worker_silent' | 'miscounted';
  readonly message: string;
  /** What `repair` does about it. */
  readonly repair: string;
}

export interface Rooms {
  readonly plans: Plans;
  readonly dispatcher: Dispatcher;
}

/** Asks the queues about the node, and compares. */
export async function examine(node: OpenNode, { plans, dispatcher }: Rooms): Promise<Examined> {
  const job = await dispatcher.presence(await plans.get(node.versionId), node, node);
  return { node, job, disagreement: compare(node, job) };
}

/** Pure: the first thing that does not fit. */
export function compare(node: OpenNode, job: JobPresence): Disagreement | null {
  if (node.held) return compareHolder(node);
  // an instance of a map that waits for its place counts one that is no dependency
  if (node.pending > 0 && node.openDependencies === 0 && node.itemIndex === null) return miscounted(node);
  if (!node.ready || job === 'live') return null;
  return job === 'held'
    ? {
        kind: 'gate_shut',
        message: `Node ${node.nodeId} is ready in Postgres and its job still waits for its gate`,
        repair: 'removes the gate and adds a job beside the flow',
      }
    : {
        kind: 'no_job',
        message: `Node ${node.nodeId} is ready in Postgres and no queue has a job for it`,
        repair: 'adds a job beside the flow',
      };
}

function compareHolder({ nodeId, workerId, leaseExpired, leaseUntil, workerAlive }: OpenNode): Disagreement | null {
  const worker = workerId ?? 'unknown';
  if (leaseExpired) {
    const message = `The lease of worker ${worker} on node ${nodeId} ended at ${leaseUntil?.toISOString() ?? 'no time'}`;
    return {
      kind: 'lease_expired',
      message,
      repair: 'has the reconciler look now: it gives the node to another worker',
    };
  }
  if (workerAlive || leaseUntil === null) return null;
  return {
    kind: 'worker_silent',
    message: `Worker ${worker} holds node ${nodeId} and has not been heard of for 15 s`,
    repair: `nothing before its lease ends at ${leaseUntil.toISOString()}: the worker may still run it`,
  };
}

function miscounted({ nodeId, pending }: OpenNode): Disagreement {
  return {
    kind: 'miscounted',
    message: `Node ${nodeId} counts ${pending} open dependencies and has none`,
    repair: 'has the reconciler look now: it counts anew. Please report this as a bug',
  };
}
