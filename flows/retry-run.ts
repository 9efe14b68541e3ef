import { randomUUID } from 'node:crypto';
import { AppError } from '../contracts/errors.ts';
import type { Json, JsonObject } from '../contracts/json.ts';
import { isTerminal, type NodeStatus } from '../contracts/statuses.ts';
import type { Logger } from '../platform/log.ts';
import type { Database } from '../sql/pool.ts';
import { createRuns, settle } from '../sql/queries/engine.ts';
import { findNewNodes, findRetryFacts, type RetryFacts } from '../sql/queries/retry-facts.ts';
import type { Aftermath } from './aftermath.ts';
import type { Plan } from './plan.ts';
import type { Dispatcher } from './dispatch.ts';
import type { Plans } from './plans.ts';
import { refuseInput, runOf, type Submitted } from './new-run.ts';

/** What to run again: what failed and all that follows, everything, or the given nodes and all that follows. */
export type RetryScope = { readonly from: 'failed' | 'start' } | { readonly nodes: readonly string[] };

export interface RetryParts {
  readonly db: Database;
  readonly plans: Plans;
  readonly dispatcher: Dispatcher;
  readonly aftermath: Aftermath;
  readonly log: Logger;
}

/**
 * Makes a new run of one that has ended. Results that are kept are copied with the run they came from, in the same
 * transaction, so that the new run never shows a node open that will not run.
 * @throws AppError NOT_FOUND; CONFLICT when the run is open or nothing failed; INVALID_INPUT on an unknown node or input
 */
export async function retryRun(
  runId: string,
  scope: RetryScope,
  input: Json | undefined,
  by: string,
  { db, plans, dispatcher, aftermath, log }: RetryParts,
): Promise<Submitted> {
  const old = await findRetryFacts(db, runId);
  if (!isTerminal(old.status))
    throw new AppError('CONFLICT', `Run ${runId} is ${old.status}: it can be retried when it has ended`);
  const plan = await plans.get(old.versionId);
  const again = nodesToRun(plan, old, scope);
  if (input !== undefined) refuseInput(plan, input);

  const request = {
    workflow: old.workflowId,
    trigger: { type: 'retry' as const, retryOf: runId, by, ...(scopeAsJson(scope) satisfies JsonObject) },
    labels: old.labels,
    runId: randomUUID(),
  };
  const workflow = { ...old, id: old.workflowId, name: old.workflowName, version: old.workflowVersion };
  const run = { ...runOf(request, workflow, plan, input ?? old.input), retryOf: runId };
  const kept = old.nodes.filter(({ nodeIndex, status }) => status === 'SUCCESS' && !again.has(nodeIndex));
  const { settlement, admitted } = await db.transaction(async (transaction) => {
    const [created] = await createRuns(transaction, [run]);
    const ids = await findNewNodes(transaction, run.id);
    const copies = kept.flatMap(({ nodeIndex, output, copiedFromRunId }) => {
      const agentRunId = ids.get(nodeIndex);
      return agentRunId === undefined
        ? []
        : [
            {
              runId: run.id,
              agentRunId,
              token: null,
              status: 'SUCCESS' as const,
              output,
              copiedFromRunId: copiedFromRunId ?? runId,
            },
          ];
    });
    return {
      settlement: copies.length > 0 ? await settle(transaction, copies) : null,
      admitted: created?.admitted ?? false,
    };
  });

  if (settlement) aftermath.of({ ...settlement, ready: [] });
  if (admitted) {
    const settled = new Set(settlement?.settled.map(({ nodeIndex }) => nodeIndex));
    dispatcher.addFlow(plan, { runId: run.id, epoch: 1, versionId: run.versionId }, settled).catch((error: unknown) => {
      log.warn({ err: error, runId: run.id }, 'the flow was not added; the reconciler will');
    });
  }
  return {
    runId: run.id,
    created: true,
    status: 'PENDING',
    workflowId: old.workflowId,
    workflowName: old.workflowName,
  };
}

function scopeAsJson(scope: RetryScope): JsonObject {
  return 'from' in scope ? { from: scope.from } : { nodes: [...scope.nodes] };
}

/** The nodes that run again: those asked for, and everything that depends on them. */
function nodesToRun(plan: Plan, old: RetryFacts, scope: RetryScope): Set<number> {
  const first = 'nodes' in scope ? namedNodes(plan, scope.nodes) : startOf(plan, old, scope.from);
  if (first.length === 0)
    throw new AppError('CONFLICT', `Nothing failed in run ${old.runId}: retry it from the start, or name the nodes`);
  const dependents = new Map<number, number[]>();
  for (const { from, to } of plan.edges) dependents.set(from, [...(dependents.get(from) ?? []), to]);
  const again = new Set(first);
  // a set grows while it is read: it is the queue and the result
  for (const index of again) for (const next of dependents.get(index) ?? []) again.add(next);
  for (const { index, node } of plan.nodes) if (node.finally) again.add(index);
  return again;
}

function startOf(plan: Plan, old: RetryFacts, from: 'failed' | 'start'): number[] {
  if (from === 'start') return plan.nodes.map(({ index }) => index);
  const didNotSucceed: readonly NodeStatus[] = ['FAILED', 'CANCELLED'];
  return old.nodes.filter(({ status }) => didNotSucceed.includes(status)).map(({ nodeIndex }) => nodeIndex);
}

function namedNodes(plan: Plan, ids: readonly string[]): number[] {
  return ids.map((id, position) => {
    const found = plan.nodes.find((node) => node.id === id);
    if (found) return found.index;
    throw new AppError('INVALID_INPUT', `Workflow ${plan.definition.name} has no node ${id}`, {
      problems: [{ path: `nodes[${position}]`, message: `There is no node ${id}` }],
    });
  });
}
