import { randomUUID } from 'node:crypto';
import { AppError } from '../contracts/errors.ts';
import type { Json, JsonObject } from '../contracts/json.ts';
import type { RunStatus } from '../contracts/statuses.ts';
import type { TriggerableWorkflow } from '../sql/queries/definitions.ts';
import type { CreateRun } from '../sql/queries/engine.ts';
import type { BudgetSubject } from './budget.ts';
import type { Plan } from './plan.ts';
import { validateInput } from './json-schema.ts';
import { shortKey } from './short-key.ts';
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
  readonly idempotency?: {
    readonly scope: string;
    readonly key: string;
    readonly requestHash: string;
    readonly ttlSeconds?: number;
  };
  /** What the workflow's budget counts this start by; absent: a person's own start, which counts for nothing. */
  readonly counts?: BudgetSubject;
  /** Asked before the run is stored; what it throws is the answer. */
  readonly admit?: (projectId: string) => Promise<void>;
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
  /** Why the run waits for an approval before it does anything, where it is over budget. */
  readonly hold?: string;
  /** What the key was first used with. */
  readonly requestHash?: string;
  readonly workflowId: string;
  readonly workflowName: string;
}

/** @throws AppError INVALID_INPUT where the input does not fit the workflow's inputSchema */
export function refuseInput({ definition }: Plan, input: Json): void {
  if (definition.inputSchema === undefined) return;
  const problems = validateInput(definition.inputSchema, input);
  if (problems.length === 0) return;
  throw new AppError('INVALID_INPUT', `The input does not fit the inputSchema of workflow ${definition.name}`, {
    problems: problems.map(({ path, message }) => ({ path: path === '' ? 'input' : `input.${path}`, message })),
  });
}

/** The row of a new run: what the request says, with what the definition fixes. */
export function runOf(
  request: SubmitRequest,
  workflow: Pick<TriggerableWorkflow, 'id' | 'name' | 'version' | 'versionId' | 'projectId'>,
  plan: Plan,
  input: Json,
): CreateRun {
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

function concurrencyOf({ definition }: Plan, workflow: Pick<TriggerableWorkflow, 'id'>, input: Json) {
  const { concurrency, maxConcurrentRuns } = definition;
  if (concurrency) {
    const key = compileTemplate(concurrency.key, { nodeIds: [] }).resolve({ input, run: {}, nodes: {} });
    return {
      concurrencyKey: `${workflow.id}:${shortKey(typeof key === 'string' ? key : JSON.stringify(key))}`,
      concurrencyLimit: concurrency.limit,
    };
  }
  return maxConcurrentRuns === undefined ? {} : { concurrencyKey: workflow.id, concurrencyLimit: maxConcurrentRuns };
}
