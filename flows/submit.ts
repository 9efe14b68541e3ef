import { randomUUID } from 'node:crypto';
import { AppError } from '../contracts/errors.ts';
import type { Json, JsonObject } from '../contracts/json.ts';
import type { RunStatus } from '../contracts/statuses.ts';
import { createCombiner } from '../platform/combine.ts';
import type { Logger } from '../platform/log.ts';
import type { Database } from '../sql/pool.ts';
import { findTriggerable, type TriggerableWorkflow, type WorkflowReference } from '../sql/queries/definitions.ts';
import { createRuns, type CreatedRun, type CreateRun } from '../sql/queries/engine.ts';
import type { Plan } from './compile.ts';
import type { Dispatcher } from './dispatch.ts';
import { validateInput } from './json-schema.ts';
import type { Plans } from './plans.ts';
import { compileTemplate } from './templates.ts';

export type TriggerType = 'api' | 'schedule' | 'alertmanager' | 'grafana' | 'nats' | 'webhook' | 'workflow' | 'retry';

export interface SubmitRequest {
  /** Id or name. */
  readonly workflow: string;
  readonly projectId?: string;
  readonly version?: number;
  readonly input?: Json;
  readonly labels?: Readonly<Record<string, string>>;
  readonly trigger: { readonly type: TriggerType } & JsonObject;
  readonly idempotency?: { readonly scope: string; readonly key: string; readonly requestHash: string; readonly ttlSeconds?: number };
  readonly traceparent?: string;
  /** Chosen by the caller where it has to know the id before; a random one otherwise. */
  readonly runId?: string;
  readonly parent?: { readonly runId: string; readonly agentRunId: string; readonly depth: number };
}

export interface Submitted {
  readonly runId: string;
  /** False when the idempotency key had started this run before. */
  readonly created: boolean;
  readonly status: RunStatus;
  /** What the key was first used with. */
  readonly requestHash?: string;
  readonly workflowId: string;
  readonly workflowName: string;
}

/** The one way to start a run, for the API, triggers and sub-workflows alike. */
export interface Submitter {
  /**
   * Stores the run in one transaction and answers; its flow is added behind the answer, and by the reconciler if that
   * fails: accepting a run needs Postgres alone.
   * @throws AppError NOT_FOUND, CONFLICT (draft, archived, paused), INVALID_INPUT with the problems of the input
   */
  submit(request: SubmitRequest): Promise<Submitted>;
  /** Waits for flows that are being added. */
  idle(): Promise<void>;
}

export interface SubmitterParts {
  readonly db: Database;
  readonly plans: Plans;
  readonly dispatcher: Dispatcher;
  readonly log: Logger;
}

const MOST_RUNS_AT_ONCE = 100;

export function createSubmitter({ db, plans, dispatcher, log }: SubmitterParts): Submitter {
  const lookUp = createCombiner<WorkflowReference, TriggerableWorkflow | null>(
    async (references) => [...(await findTriggerable(db, references))],
    { maxBatch: MOST_RUNS_AT_ONCE },
  );
  const store = createCombiner<CreateRun, CreatedRun>(async (runs) => [...(await createRuns(db, runs))], {
    maxBatch: MOST_RUNS_AT_ONCE,
    parallel: 2,
  });

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
      const run = runOf(request, workflow, plan, input);
      const stored = await store(run);
      if (stored.created && stored.admitted) enqueue(plan, run);
      return {
        runId: stored.id,
        created: stored.created,
        status: 'PENDING',
        ...(stored.requestHash !== null && { requestHash: stored.requestHash }),
        workflowId: workflow.id,
        workflowName: workflow.name,
      };
    },
    idle: () => dispatcher.idle(),
  };
}

function referenceOf({ workflow, projectId = 'default', version }: SubmitRequest): WorkflowReference {
  return { workflow, projectId, ...(version !== undefined && { version }) };
}

function notFound({ workflow, version }: SubmitRequest): AppError {
  return new AppError('NOT_FOUND', `There is no workflow ${workflow}${version === undefined ? '' : ` with a version ${version}`}`);
}

function refuseInactive({ name, status, pausedAt }: TriggerableWorkflow): void {
  if (status !== 'ACTIVE') {
    throw new AppError('CONFLICT', `Workflow ${name} is ${status}: set its status to ACTIVE to run it`);
  }
  if (pausedAt !== null) throw new AppError('CONFLICT', `Workflow ${name} is paused: resume it to start runs`);
}

function refuseInput({ definition }: Plan, input: Json): void {
  if (definition.inputSchema === undefined) return;
  const problems = validateInput(definition.inputSchema as JsonObject, input);
  if (problems.length === 0) return;
  throw new AppError('INVALID_INPUT', `The input does not fit the inputSchema of workflow ${definition.name}`, {
    problems: problems.map(({ path, message }) => ({ path: path === '' ? 'input' : `input.${path}`, message })),
  });
}

/** The row of a new run: what the request says, with what the definition fixes. */
export function runOf(request: SubmitRequest, workflow: TriggerableWorkflow, plan: Plan, input: Json): CreateRun {
  const { definition } = plan;
  return {
    id: request.runId ?? randomUUID(),
    workflowId: workflow.id,
    workflowName: workflow.name,
    workflowVersion: workflow.version,
    versionId: workflow.versionId,
    projectId: workflow.projectId,
    triggerType: request.trigger.type,
    trigger: request.trigger,
    input,
    labels: { ...definition.labels, ...request.labels },
    hasOutput: plan.output !== undefined,
    ...(definition.timeoutSeconds !== undefined && { deadlineSeconds: definition.timeoutSeconds }),
    ...(request.traceparent !== undefined && { traceparent: request.traceparent }),
    ...(request.parent && {
      parentRunId: request.parent.runId,
      parentAgentRunId: request.parent.agentRunId,
      depth: request.parent.depth,
    }),
    ...concurrencyOf(plan, workflow, input),
    ...(request.idempotency && {
      idempotencyScope: request.idempotency.scope,
      idempotencyKey: request.idempotency.key,
      requestHash: request.idempotency.requestHash,
      ...(request.idempotency.ttlSeconds !== undefined && { keyTtlSeconds: request.idempotency.ttlSeconds }),
    }),
  };
}

function concurrencyOf({ definition }: Plan, workflow: TriggerableWorkflow, input: Json) {
  const { concurrency, maxConcurrentRuns } = definition;
  if (concurrency) {
    const key = compileTemplate(concurrency.key, { nodeIds: [] }).resolve({ input, run: {}, nodes: {} });
    return { concurrencyKey: `${workflow.id}:${String(key)}`, concurrencyLimit: concurrency.limit };
  }
  return maxConcurrentRuns === undefined ? {} : { concurrencyKey: workflow.id, concurrencyLimit: maxConcurrentRuns };
}
