import { AppError } from '../contracts/errors.ts';
import type { Json } from '../contracts/json.ts';
import { createCombiner } from '../platform/combine.ts';
import { failpoint } from '../platform/failpoints.ts';
import type { Logger } from '../platform/log.ts';
import type { Tracing } from '../platform/telemetry.ts';
import type { Database } from '../sql/pool.ts';
import { findTriggerable, type TriggerableWorkflow, type WorkflowReference } from '../sql/queries/definitions.ts';
import { useBudgets, type BudgetUse } from '../sql/queries/budgets.ts';
import { createRuns, type CreatedRun, type CreateRun } from '../sql/queries/engine.ts';
import type { Aftermath } from './aftermath.ts';
import { budgetHold, targetOf } from './budget.ts';
import type { Plan } from './plan.ts';
import type { Dispatcher } from './dispatch.ts';
import type { Engine } from './engine.ts';
import { makeRoom } from './make-room.ts';
import { refuseInput, runOf, type Submitted, type SubmitRequest } from './new-run.ts';
import type { Plans } from './plans.ts';
import { retryRun, type RetryScope } from './retry-run.ts';

export type { Submitted, SubmitRequest } from './new-run.ts';

/** The one way to start a run, for the API, triggers and sub-workflows alike. */
export interface Submitter {
  /**
   * Stores the run in one transaction and answers; its flow is added behind the answer, and by the reconciler if that
   * fails: accepting a run needs Postgres alone.
   * @throws AppError NOT_FOUND, CONFLICT (draft, archived, paused), INVALID_INPUT with the problems of the input
   */
  submit(request: SubmitRequest): Promise<Submitted>;
  /** Makes a new run of one that has ended: see `retryRun`. */
  retry(runId: string, scope: RetryScope, input: Json | undefined, by: string): Promise<Submitted>;
  /** Waits for flows that are being added. */
  idle(): Promise<void>;
}

export interface SubmitterParts {
  readonly db: Database;
  readonly plans: Plans;
  readonly dispatcher: Dispatcher;
  readonly aftermath: Aftermath;
  readonly engine: Engine;
  readonly log: Logger;
  readonly tracing: Tracing;
}

const MOST_RUNS_AT_ONCE = 100;

export function createSubmitter(parts: SubmitterParts): Submitter {
  const { db, plans, dispatcher, log, tracing } = parts;
  const lookUp = createCombiner<WorkflowReference, TriggerableWorkflow | null>(
    async (references) => [...(await findTriggerable(db, references))],
    { maxBatch: MOST_RUNS_AT_ONCE },
  );
  const store = createCombiner<CreateRun, CreatedRun>(async (runs) => [...(await createRuns(db, runs))], {
    maxBatch: MOST_RUNS_AT_ONCE,
    parallel: 2,
  });
  const countUses = createCombiner<BudgetUse, number>(async (uses) => [...(await useBudgets(db, uses))], {
    maxBatch: MOST_RUNS_AT_ONCE,
  });

  /** Why the run has to wait for a person; null where it need not. */
  async function holdOf({ counts }: SubmitRequest, { definition }: Plan, run: CreateRun): Promise<string | null> {
    const { budget } = definition;
    if (budget === undefined || counts === undefined) return null;
    const { workflowId, idempotencyKey: identity = run.id } = run;
    const { windowSeconds } = budget;
    const used = await countUses({ workflowId, target: targetOf(budget, counts), identity, windowSeconds });
    return budgetHold(budget, counts, used);
  }

  function enqueue(plan: Plan, run: CreateRun): void {
    dispatcher.addFlow(plan, { runId: run.id, epoch: 1, versionId: run.versionId }).catch((error: unknown) => {
      log.warn({ err: error, runId: run.id }, 'the flow was not added; the reconciler will');
    });
  }

  return {
    async submit(request) {
      const workflow = await lookUp(referenceOf(request));
      if (workflow === null) throw notFound(request);
      refuseInactive(workflow);
      const plan = await plans.get(workflow.versionId);
      const input = request.input ?? {};
      refuseInput(plan, input);
      await request.admit?.(workflow.projectId);
      const traceparent = tracing.traceparent();
      const traced = traceparent === undefined ? request : { ...request, traceparent };
      const run = runOf(traced, workflow, plan, input);
      const hold = await holdOf(request, plan, run);
      const stored = await store(hold === null ? run : { ...run, trigger: { ...request.trigger, overBudget: hold } });
      failpoint('trigger-committed');
      if (stored.created && stored.admitted) enqueue(plan, run);
      if (stored.created) await makeRoom(plan.definition, run, stored.admitted, parts);
      return {
        runId: stored.id,
        created: stored.created,
        status: 'PENDING',
        ...(stored.created && hold !== null && { hold }),
        ...(stored.requestHash !== null && { requestHash: stored.requestHash }),
        workflowId: workflow.id,
        workflowName: workflow.name,
      };
    },
    retry: (runId, scope, input, by) => retryRun(runId, scope, input, by, parts),
    idle: () => dispatcher.idle(),
  };
}

function referenceOf({ workflow, projectId = 'default', version }: SubmitRequest): WorkflowReference {
  return { workflow, projectId, ...(version !== undefined && { version }) };
}

function notFound({ workflow, version }: SubmitRequest): AppError {
  return new AppError(
    'NOT_FOUND',
    `There is no workflow ${workflow}${version === undefined ? '' : ` with a version ${version}`}`,
  );
}

function refuseInactive({ name, status, pausedAt }: TriggerableWorkflow): void {
  if (status !== 'ACTIVE') {
    throw new AppError('CONFLICT', `Workflow ${name} is ${status}: set its status to ACTIVE to run it`);
  }
  if (pausedAt !== null) throw new AppError('CONFLICT', `Workflow ${name} is paused: resume it to start runs`);
}
