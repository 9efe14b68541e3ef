import { randomUUID } from 'node:crypto';
import type { NodeJob } from '../contracts/jobs.ts';
import type { Dispatcher } from '../flows/dispatch.ts';
import type { Engine } from '../flows/engine.ts';
import type { Scope } from '../flows/expressions.ts';
import type { Plan, PlanNode } from '../flows/plan.ts';
import type { ClaimAnswer } from '../sql/queries/engine.ts';
import { LEASE_SECONDS } from './lease.ts';
import { runTransforms } from './transforms.ts';

export interface MapTurn {
  readonly job: NodeJob;
  readonly plan: Plan;
  readonly node: PlanNode;
  /** What its expression may read, apart from the item: as it was when the map was expanded, and as it will stay. */
  readonly scope: Scope;
  readonly workerId: string;
}

/** An instance of a map that may begin. */
export interface MapItem {
  readonly agentRunId: string;
  readonly itemIndex: number;
}

/** As many as one statement claims or settles; the claims of other runs have their turn between. */
const AT_ONCE = 100;

/** True for items that need nothing but their expression: no target to be locked, no alert to be looked at. */
export function isPlainTransform({ node: { kind, locks, ifResolved } }: PlanNode): boolean {
  return kind === 'transform' && locks === undefined && ifResolved !== 'stop';
}

/**
 * Runs the items of a map in the worker that has expanded it, without a job for each. What it cannot claim gets a job after
 * all; what it leaves behind when it dies, the reconciler finds.
 */
export async function runMapAtOnce(
  items: readonly MapItem[],
  turn: MapTurn,
  { engine, dispatcher }: { readonly engine: Engine; readonly dispatcher: Dispatcher },
): Promise<void> {
  for (let start = 0; start < items.length; start += AT_ONCE) {
    const chunk = items.slice(start, start + AT_ONCE);
    const isRefused = await Promise.all(chunk.map(async (item) => !(await runItem(item, turn, engine))));
    const refused = chunk.filter((_, index) => isRefused[index]);
    if (refused.length === 0) continue;
    await dispatcher.addNodes(
      turn.plan,
      turn.job,
      refused.map((item) => ({ nodeIndex: turn.node.index, ...item })),
    );
  }
}

/** @returns false where the item cannot be claimed now, but may be later */
async function runItem(
  { agentRunId }: MapItem,
  { job: { runId, epoch }, plan, node, scope, workerId }: MapTurn,
  engine: Engine,
): Promise<boolean> {
  const token = randomUUID();
  const answer = await engine.claim({
    ...{ runId, epoch, agentRunId, nodes: [node.index], token, workerId },
    ...{ leaseSeconds: LEASE_SECONDS, needs: [], withRun: false },
  });
  if ('reason' in answer) return isOver(answer.reason);
  await runTransforms(plan, { runId, token, workerId, scope, claimed: answer.claimed }, engine);
  return true;
}

function isOver(reason: Extract<ClaimAnswer, { reason: unknown }>['reason']): boolean {
  return reason === 'settled' || reason === 'stale' || reason === 'gone';
}
