import type { Dispatcher } from '../flows/dispatch.ts';
import type { Plans } from '../flows/plans.ts';
import type { Database } from '../sql/pool.ts';
import { findNextUnderLimits, type WaitingNode } from '../sql/queries/execution-limits.ts';

export interface TurnParts {
  readonly db: Database;
  readonly plans: Plans;
  readonly dispatcher: Dispatcher;
}

/**
 * An attempt has ended: under the limits of its agent and its pool a place is free, and the node whose turn it is looks again
 * now. Should this be lost with the process, that node looks again by itself, and the reconciler finds the free place.
 */
export async function wakeNextInTurn(
  { agent, pool, runId }: { readonly agent: string; readonly pool: string; readonly runId: string },
  parts: TurnParts,
): Promise<void> {
  const next = await findNextUnderLimits(parts.db, [`agent ${agent}`, `pool ${pool}`], runId);
  for (const node of next) await lookAgainNow(node, parts);
}

/** Its parked job is promoted; where there is none it gets another. */
export async function lookAgainNow(node: WaitingNode, { plans, dispatcher }: Omit<TurnParts, 'db'>): Promise<void> {
  const plan = await plans.get(node.versionId);
  if (!(await dispatcher.promote(plan, node, node))) await dispatcher.addNodes(plan, node, [node]);
}
