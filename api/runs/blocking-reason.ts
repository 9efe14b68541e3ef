import { isTerminal } from '../../contracts/statuses.ts';
import type { BlockingFacts } from '../../sql/queries/blocking.ts';
import type { BlockingReason } from './blocking-schema.ts';

type Check = (facts: BlockingFacts) => BlockingReason | undefined;

/** Why a node does not run: the first reason that applies, in this order. */
const CHECKS: readonly Check[] = [
  settled,
  cancelling,
  running,
  dependency,
  otherNodes,
  itemPlace,
  concurrency,
  fullPlaces,
  noWorker,
  pausedRun,
  pausedAgent,
  lock,
  waiting,
];

/** Pure: what Postgres knows gives the one reason that holds the node back now. */
export function blockingReason(facts: BlockingFacts): BlockingReason {
  for (const check of CHECKS) {
    const reason = check(facts);
    if (reason) return reason;
  }
  return {
    reason: 'queue',
    message: `Node ${facts.nodeId} is ready and waits for a free worker`,
    ...sinceOf(facts.readyAt),
  };
}

function settled({ status, nodeId }: BlockingFacts): BlockingReason | undefined {
  return isTerminal(status) ? { reason: 'settled', message: `Node ${nodeId} has ended: it is ${status}` } : undefined;
}

function cancelling({ cancelRequestedAt, isFinally, nodeId, held }: BlockingFacts): BlockingReason | undefined {
  if (cancelRequestedAt === null || isFinally) return undefined;
  const message = held ? `Node ${nodeId} is being stopped: the run is being cancelled` : 'The run is being cancelled';
  return { reason: 'cancelling', message, ...sinceOf(cancelRequestedAt) };
}

function running({ held, nodeId, workerId, startedAt }: BlockingFacts): BlockingReason | undefined {
  if (!held) return undefined;
  return {
    reason: 'running',
    message: `Node ${nodeId} runs on worker ${workerId ?? 'unknown'}`,
    ...sinceOf(startedAt),
    ...(workerId !== null && { workerId }),
  };
}

function dependency({ openDependencies }: BlockingFacts): BlockingReason | undefined {
  const [first, ...others] = openDependencies;
  if (!first) return undefined;
  const more = others.length > 0 ? `, and ${others.map(({ nodeId }) => nodeId).join(', ')}` : '';
  return {
    reason: 'dependency',
    message: `Waits for node ${first.nodeId}, which is ${first.status}${more}`,
    nodeId: first.nodeId,
  };
}

function otherNodes({ isFinally, pending, itemIndex, openNodes }: BlockingFacts): BlockingReason | undefined {
  if (!isFinally || pending === 0 || itemIndex !== null) return undefined;
  return { reason: 'dependency', message: `A "finally" node waits for all others: ${String(openNodes)} are open` };
}

function itemPlace({ itemIndex, pending }: BlockingFacts): BlockingReason | undefined {
  if (itemIndex === null || pending === 0) return undefined;
  return { reason: 'limit', message: 'As many items as "maxParallel" allows are under way: this one is next in order' };
}

function concurrency(facts: BlockingFacts): BlockingReason | undefined {
  if (facts.admittedAt !== null) return undefined;
  const { most, holder, key } = fullLimit(facts);
  const limit = `at most ${String(most)} at once`;
  if (!holder)
    return { reason: 'concurrency', message: `The run waits for a place (${limit}), which it gets in a moment` };
  return {
    reason: 'concurrency',
    message: `The run waits for a place (${limit}): run ${holder.runId} has had one since ${iso(holder.since)}`,
    since: iso(holder.since),
    runId: holder.runId,
    ...(key !== null && { key }),
  };
}

/** Of its concurrency key and its workflow's maxConcurrentRuns, the one that keeps it. */
function fullLimit({ concurrencyKey, concurrencyLimit, holder, workflowLimit, workflowHolder }: BlockingFacts) {
  const byKey = { most: concurrencyLimit ?? 1, holder, key: concurrencyKey };
  if (workflowLimit === null || (holder !== null && holder.count >= byKey.most)) return byKey;
  return { most: workflowLimit, holder: workflowHolder, key: null };
}

function fullPlaces(facts: BlockingFacts): BlockingReason | undefined {
  const full = isReady(facts) ? facts.limits.find(({ most, used }) => used >= most) : undefined;
  if (!full) return undefined;
  const { name, most, used } = full;
  return {
    reason: 'limit',
    message: `The ${name} runs ${String(used)} at once over all workers, and may run at most ${String(most)}`,
    key: name,
    ...(name.startsWith('pool ') && { pool: facts.pool }),
  };
}

function noWorker(facts: BlockingFacts): BlockingReason | undefined {
  if (!isReady(facts) || facts.workers > 0) return undefined;
  const wanted = facts.kind === 'agent' ? ` of pool ${facts.pool}` : '';
  return {
    reason: 'no_worker',
    message: `No worker${wanted} has been heard of in the last 15 s: start one`,
    pool: facts.pool,
  };
}

function pausedRun({ pausedAt, pausedBy }: BlockingFacts): BlockingReason | undefined {
  if (pausedAt === null) return undefined;
  return { reason: 'paused', message: `The run was paused by ${pausedBy ?? 'somebody'}`, ...sinceOf(pausedAt) };
}

function pausedAgent(facts: BlockingFacts): BlockingReason | undefined {
  const { agentName, agentPausedAt, agentPausedBy } = facts;
  if (agentPausedAt === null || !isReady(facts)) return undefined;
  return {
    reason: 'paused',
    message: `Agent ${agentName ?? ''} was paused by ${agentPausedBy ?? 'somebody'}`,
    ...sinceOf(agentPausedAt),
  };
}

function lock({ lock: wait }: BlockingFacts): BlockingReason | undefined {
  if (!wait) return undefined;
  const { key, holder } = wait;
  if (!holder) return { reason: 'lock', message: `Waits for the lock ${key}, which it gets in a moment`, key };
  const since = iso(holder.since);
  const { runId, nodeId, workflowName } = holder;
  const message = `Waits for the lock ${key}: node ${nodeId} of run ${runId} (${workflowName}) has held it since ${since}`;
  return { reason: 'lock', message, key, since, runId, nodeId };
}

function waiting(facts: BlockingFacts): BlockingReason | undefined {
  const { waitingFor, waitingName, wakeAt, approval, childRunId, openItems, errorMessage } = facts;
  const until = wakeAt ? { until: wakeAt.toISOString() } : {};
  switch (waitingFor) {
    case 'retry':
      if (wakeAt !== null && wakeAt.getTime() <= Date.now()) return undefined;
      return { reason: 'backoff', message: `Tries again after a failure: ${errorMessage ?? 'unknown'}`, ...until };
    case 'approval':
      if (!approval) return { reason: 'approval', message: 'Waits for an approval' };
      return {
        reason: 'approval',
        message: `Waits for an approval since ${iso(approval.since)}`,
        since: iso(approval.since),
        approvalId: approval.id,
      };
    case 'timer':
      return { reason: 'timer', message: `Waits until ${wakeAt?.toISOString() ?? 'its time'}`, ...until };
    case 'signal':
      return {
        reason: 'signal',
        message: `Waits for the signal ${waitingName ?? ''}`,
        ...(waitingName !== null && { key: waitingName }),
      };
    case 'workflow':
      return {
        reason: 'sub_workflow',
        message: `Waits for its sub-workflow, run ${childRunId ?? ''}`,
        ...(childRunId !== null && { runId: childRunId }),
      };
    case 'items':
      return { reason: 'items', message: `Waits for ${String(openItems ?? 0)} of its items` };
    case 'resolved':
      return { reason: 'resolved', message: 'Waits for the alert to be resolved', ...until };
    default:
      return undefined;
  }
}

/** Nothing but a worker is missing. */
function isReady({ status, pending, waitingFor, wakeAt }: BlockingFacts): boolean {
  const due = wakeAt === null || wakeAt.getTime() <= Date.now();
  return (
    status === 'PENDING' &&
    pending === 0 &&
    (waitingFor === null || waitingFor === 'retry' || waitingFor === 'limit') &&
    due
  );
}

function sinceOf(date: Date | null): { since?: string } {
  return date ? { since: date.toISOString() } : {};
}

function iso(text: string): string {
  return new Date(text).toISOString();
}
