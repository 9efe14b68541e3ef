import type { Json } from '../contracts/json.ts';
import type { Engine } from '../flows/engine.ts';
import type { PlanNode } from '../flows/plan.ts';
import type { Database } from '../sql/pool.ts';
import { findOpenItems, findSucceededItems } from '../sql/queries/retry-facts.ts';

/**
 * In a retry of what failed, the instances of a forEach node that succeeded before are not run again: those with the same
 * place and the same item settle with their old result.
 * @param trigger of the run; anything but a retry from what failed keeps nothing
 */
export async function keepSucceededItems(
  runId: string,
  node: PlanNode,
  trigger: Json,
  { db, engine }: { readonly db: Database; readonly engine: Engine },
): Promise<void> {
  const oldRunId = retriedRun(trigger);
  if (oldRunId === null) return;
  const before = await findSucceededItems(db, oldRunId, node.id);
  if (before.length === 0) return;
  const open = new Map((await findOpenItems(db, runId, node.index)).map((item) => [item.itemIndex, item]));
  await Promise.all(
    before.map(async ({ itemIndex, item, output, copiedFromRunId }) => {
      const now = open.get(itemIndex);
      if (now === undefined || JSON.stringify(now.item) !== JSON.stringify(item)) return;
      const settled = { token: null, status: 'SUCCESS', output, copiedFromRunId: copiedFromRunId ?? oldRunId } as const;
      await engine.settle({ runId, agentRunId: now.agentRunId, ...settled });
    }),
  );
}

function retriedRun(trigger: Json): string | null {
  if (typeof trigger !== 'object' || trigger === null || Array.isArray(trigger)) return null;
  const { type, from, retryOf } = trigger;
  return type === 'retry' && from === 'failed' && typeof retryOf === 'string' ? retryOf : null;
}
