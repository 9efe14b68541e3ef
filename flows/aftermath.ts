import { AppError } from '../contracts/errors.ts';
import type { Json } from '../contracts/json.ts';
import { failpoint } from '../platform/failpoints.ts';
import type { Hints } from '../platform/hints.ts';
import type { Logger } from '../platform/log.ts';
import type { Database } from '../sql/pool.ts';
import * as transitions from '../sql/queries/engine.ts';
import type { EndedRun, Settlement } from '../sql/queries/engine.ts';
import { findDispatchFacts, findResults, findRunResult } from '../sql/queries/results.ts';
import type { DispatchedRun, Dispatcher } from './dispatch.ts';
import type { Plans } from './plans.ts';

/**
 * What follows from a transition once it is committed: gates open, jobs are added, parents hear of their sub-workflows,
 * listeners of runs. All of it may be lost with the process; the reconciler finds each by looking at Postgres.
 */
export interface Aftermath {
  of(settlement: Settlement): void;
  /** Tells who watches the run that it changed. */
  changed(runId: string): void;
  /** Tells the workers to stop what they run of it. */
  stop(runId: string): void;
  idle(): Promise<void>;
}

export interface AftermathParts {
  readonly db: Database;
  readonly plans: Plans;
  readonly dispatcher: Dispatcher;
  readonly hints: Hints;
  readonly log: Logger;
  /** Told of every run that ended here, once. */
  readonly onEnded?: (run: EndedRun) => void;
}

export function createAftermath({ db, plans, dispatcher, hints, log, onEnded }: AftermathParts): Aftermath {
  const underWay = new Set<Promise<void>>();

  function inBackground(what: string, runId: string, work: () => Promise<unknown>): void {
    const task: Promise<void> = work()
      .then(() => undefined)
      .catch((error: unknown) => {
        log.warn({ err: error, runId }, `${what} failed; the reconciler will repeat it`);
      })
      .finally(() => underWay.delete(task));
    underWay.add(task);
  }

  function of(settlement: Settlement): void {
    const { settled, ready, ended, finish, admitted } = settlement;
    for (const node of ready) inBackground('waking a node', node.runId, () => wake(node));
    for (const node of settled) {
      if (node.waited || (node.itemIndex === null && (node.status === 'SKIPPED' || node.status === 'CANCELLED'))) {
        inBackground('letting a settled node go', node.runId, () => letGo(node));
      }
    }
    for (const runId of finish) inBackground('ending a run', runId, () => finishRun(runId));
    for (const run of ended) afterEnd(run);
    for (const runId of admitted) inBackground('starting an admitted run', runId, () => startAdmitted(runId));
    const endedIds = new Set(ended.map(({ runId }) => runId)); // their listeners know already
    for (const runId of new Set(settled.map(({ runId }) => runId))) if (!endedIds.has(runId)) changed(runId);
  }

  async function wake(node: Settlement['ready'][number]): Promise<void> {
    const plan = await plans.get(node.versionId);
    failpoint('gate-removal');
    if (node.itemIndex === null) await dispatcher.openGate(plan, node, node.nodeIndex);
    else await dispatcher.addNodes(plan, node, [node]);
    failpoint('gate-removed');
  }

  /** Its job may be held by a gate or parked; what it holds back must not wait for that. */
  async function letGo(node: Settlement['settled'][number]): Promise<void> {
    const plan = await plans.get(node.versionId);
    if (node.itemIndex === null) await dispatcher.openGate(plan, node, node.nodeIndex);
    if (node.waited) await dispatcher.promote(plan, node, node);
  }

  async function finishRun(runId: string): Promise<void> {
    const { ended, admitted } = await transitions.finish(db, await outputOf(runId));
    for (const run of ended) afterEnd(run);
    for (const next of admitted) inBackground('starting an admitted run', next, () => startAdmitted(next));
  }

  async function outputOf(
    runId: string,
  ): Promise<{ runId: string; output?: Json; errorCode?: string; errorMessage?: string }> {
    const { versionId, facts, nodes } = await findResults(db, runId);
    try {
      const plan = await plans.get(versionId);
      return plan.output
        ? { runId, output: plan.output.resolve({ input: facts.input, run: facts, nodes }) }
        : { runId };
    } catch (error) {
      if (!(error instanceof AppError) || error.status === 503) throw error;
      return { runId, errorCode: error.code, errorMessage: `The output of the run: ${error.message}` };
    }
  }

  function afterEnd(run: EndedRun): void {
    failpoint('last-settled');
    onEnded?.(run);
    hints.publish('run', { runId: run.runId, ended: true });
    const { parentRunId, parentAgentRunId } = run;
    if (parentRunId !== null && parentAgentRunId !== null) {
      inBackground('telling the parent run', parentRunId, () => settleParent(run.runId, parentRunId, parentAgentRunId));
    }
  }

  async function settleParent(childRunId: string, runId: string, agentRunId: string): Promise<void> {
    const child = await findRunResult(db, childRunId);
    of(await transitions.settle(db, [{ runId, agentRunId, token: null, ...asNodeResult(childRunId, child) }]));
  }

  async function startAdmitted(runId: string): Promise<void> {
    const run = await findDispatchFacts(db, runId);
    if (run) await dispatcher.addFlow(await plans.get(run.versionId), run satisfies DispatchedRun, run.settled);
  }

  function changed(runId: string): void {
    hints.publish('run', { runId });
  }

  return {
    of,
    changed,
    stop(runId) {
      hints.publish('stop', { runId });
      changed(runId);
    },
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}

/** How a sub-workflow's end looks as the result of the node that started it. */
export function asNodeResult(childRunId: string, child: Awaited<ReturnType<typeof findRunResult>>) {
  if (child.status === 'SUCCESS') return { status: 'SUCCESS', output: child.output } as const;
  const status = child.status === 'CANCELLED' ? ('CANCELLED' as const) : ('FAILED' as const);
  const reason = child.errorMessage === null ? '' : `: ${child.errorMessage}`;
  return {
    status,
    errorCode: status === 'CANCELLED' ? 'CANCELLED' : 'SUB_WORKFLOW_FAILED',
    errorMessage: `Run ${childRunId} of workflow ${child.workflowName} ended ${child.status}${reason}`,
  } as const;
}
