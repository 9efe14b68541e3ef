import type { JsonObject } from '../../contracts/json.ts';
import type { Plan, PlanNode } from '../../flows/plan.ts';
import { shortKey } from '../../flows/short-key.ts';
import type { Database } from '../../sql/pool.ts';
import { isAlertResolved } from '../../sql/queries/alerts.ts';
import type { ParkRequest, SettleRequest } from '../../sql/queries/engine.ts';
import type { Inspection } from '../../sql/queries/inspect.ts';
import { acquireLocks } from '../../sql/queries/locks.ts';

/** What keeps a node from being decided as its definition says. */
export type Guarded =
  | { readonly kind: 'settle'; readonly result: Pick<SettleRequest, 'status' | 'errorCode' | 'errorMessage'> }
  | { readonly kind: 'wait'; readonly request: Omit<ParkRequest, 'runId' | 'agentRunId'> };

/** True for nodes that have to be looked at for their run's sake: the first ones of a budget, those that an end of the alert stops. */
export function isGuarded(plan: Plan, node: PlanNode): boolean {
  return node.node.ifResolved === 'stop' || isHeldByBudget(plan, node);
}

/** Null: nothing is in the way. @param needsApproval it asks for an approval of its own, which a person then gives knowingly */
export async function guardNode(
  db: Database,
  plan: Plan,
  node: PlanNode,
  seen: Inspection,
  needsApproval: boolean,
): Promise<Guarded | null> {
  if (node.node.ifResolved === 'stop' && (await isAlertResolved(db, seen.facts.id))) return resolvedBefore(node);
  const { overBudget } = seen.facts.trigger as JsonObject;
  const isHeld = typeof overBudget === 'string' && isHeldByBudget(plan, node) && seen.itemIndex === null;
  if (!isHeld || needsApproval || node.node.approval !== undefined || seen.approval !== null) return null;
  return {
    kind: 'wait',
    request: { waitingFor: 'approval', input: { overBudget }, approval: { message: overBudget, onTimeout: 'reject' } },
  };
}

function isHeldByBudget({ definition }: Plan, { dependencies, node }: PlanNode): boolean {
  return definition.budget !== undefined && dependencies.length === 0 && !node.finally;
}

function resolvedBefore({ id }: PlanNode): Guarded {
  const errorMessage = `The alert is resolved already, and node ${id} stops then`;
  return { kind: 'settle', result: { status: 'SKIPPED', errorCode: 'SKIPPED_BY_CONDITION', errorMessage } };
}

/** How long a lock lasts whose node was never claimed. */
const LOCK_LEASE_SECONDS = 30;

/** Takes the locks on targets that a node asks for: all of them, or none and false. They are held by its instance of a map alone. */
export async function holdTargets(
  db: Database,
  node: PlanNode,
  { agentRunId, facts }: Inspection,
  locks: unknown,
  workerId: string,
): Promise<boolean> {
  const inTheWay = await acquireLocks(db, {
    agentRunId,
    runId: facts.id,
    nodeId: node.id,
    workerId,
    leaseSeconds: LOCK_LEASE_SECONDS,
    locks: (locks as { key: unknown; mode: 'shared' | 'exclusive' }[]).map(({ key, mode }) => ({
      key: shortKey(typeof key === 'string' ? key : JSON.stringify(key)),
      mode,
    })),
  });
  return inTheWay === null;
}
