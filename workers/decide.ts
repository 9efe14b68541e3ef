import { randomUUID } from 'node:crypto';
import { AppError } from '../contracts/errors.ts';
import type { Json, JsonObject } from '../contracts/json.ts';
import type { NodeJob } from '../contracts/jobs.ts';
import type { Plan, PlanNode } from '../flows/plan.ts';
import type { Dispatcher } from '../flows/dispatch.ts';
import type { Engine } from '../flows/engine.ts';
import type { Scope } from '../flows/expressions.ts';
import type { Submitter } from '../flows/submit.ts';
import type { Database } from '../sql/pool.ts';
import type { ParkRequest, SettleRequest } from '../sql/queries/engine.ts';
import { inspectNode, type Inspection } from '../sql/queries/inspect.ts';
import { findCached } from '../sql/queries/result-cache.ts';
import type { RunnableAgent } from './agents-here.ts';
import { cacheKey } from './cache-key.ts';
import type { DatabaseClock } from './database-clock.ts';
import { keepSucceededItems } from './keep-items.ts';
import { isPlainTransform, runMapAtOnce, type MapItem } from './map-transforms.ts';
import { LIMITS } from '../flows/limits.ts';
import { DONE, park, type JobOutcome } from './outcome.ts';
import { guardNode, holdTargets } from './triggers/guards.ts';

/** What is decided about a node before anybody claims it. */
export type Decision =
  | { readonly kind: 'claim' }
  | {
      readonly kind: 'settle';
      readonly result: Pick<SettleRequest, 'status' | 'output' | 'errorCode' | 'errorMessage'>;
    }
  | {
      readonly kind: 'wait';
      readonly request: Omit<ParkRequest, 'runId' | 'agentRunId'>;
      readonly child?: { workflow: string; input: Json };
    };

export interface DecisionParts {
  readonly db: Database;
  readonly engine: Engine;
  readonly dispatcher: Dispatcher;
  readonly submitter: Submitter;
  readonly clock: DatabaseClock;
  readonly workerId: string;
}

/** Each instance is a row and a job. */
const MOST_ITEMS = 10_000;
/** How long a job that waits for somebody's act sleeps; the act promotes it. */
const UNTIL_TOLD_MS = 60_000;
/** A node whose target is locked by another one looks again after this. */
const LOCKED_MS = 1_000;

/**
 * Looks at a node with a condition, a map, an approval or a wait, and does what is due. Null: claim it and run it.
 * @param agent of an agent node; its risk level may ask for an approval
 */
export async function decideNode(
  job: NodeJob,
  plan: Plan,
  node: PlanNode,
  agent: RunnableAgent | null,
  { db, engine, dispatcher, submitter, clock, workerId }: DecisionParts,
): Promise<JobOutcome | null> {
  const at = {
    runId: job.runId,
    epoch: job.epoch,
    nodeIndex: node.index,
    ...(job.agentRunId !== undefined && { agentRunId: job.agentRunId }),
  };
  const seen = await inspectNode(db, at, node.needs);
  if (seen === null) return DONE;
  if (seen.due && seen.waitingFor === 'timer') return settleAs(seen, { status: 'SUCCESS', output: { waited: true } });
  // Not ready, or waiting: the claim answers why, and the job acts on that.
  if (!seen.ready) return null;
  const needsApproval = agent?.needsApproval ?? false;
  const decision =
    (await guardNode(db, plan, node, seen, needsApproval)) ?? decide(node, seen, needsApproval, clock.now());
  if (decision.kind === 'claim') return (await fromCache(seen)) ?? waitForTargets(seen);
  return decision.kind === 'settle' ? settleAs(seen, decision.result) : wait(seen, decision);

  async function settleAs(
    { agentRunId }: Inspection,
    result: Pick<SettleRequest, 'status' | 'output' | 'errorCode' | 'errorMessage'>,
  ) {
    await engine.settle({ runId: job.runId, agentRunId, token: null, ...result });
    return result.status === 'FAILED' ? ({ kind: 'failed', message: result.errorMessage ?? '' } as const) : DONE;
  }

  /** A node with `cache` whose result is known settles with it; else it is claimed. */
  async function fromCache(at: Inspection): Promise<JobOutcome | null> {
    if (node.node.cache === undefined || !agent) return null;
    const { input = {} } = resolve(node, scopeOf(at));
    const hit = await findCached(db, cacheKey(agent, input));
    if (hit === null) return null;
    const { agentRunId } = at;
    await engine.settle({
      ...{ runId: job.runId, agentRunId, token: null, status: 'SUCCESS' },
      ...{ output: hit.output, copiedFromRunId: hit.runId },
    });
    return DONE;
  }

  /** A node with `locks` gets all of them before it is claimed. */
  async function waitForTargets(at: Inspection): Promise<JobOutcome | null> {
    if (node.node.locks === undefined) return null;
    const resolved = locksOf(node, scopeOf(at));
    if ('result' in resolved) return settleAs(at, resolved.result);
    return (await holdTargets(db, node, at, resolved.locks, workerId)) ? null : park(LOCKED_MS);
  }

  /** The items that may begin: those of a transform here and now, others as jobs of their own. */
  async function runItems(items: readonly MapItem[], at: Inspection): Promise<void> {
    if (items.length === 0) return;
    if (isPlainTransform(node)) {
      const turn = { job, plan, node, scope: scopeOf(at), workerId };
      return runMapAtOnce(items, turn, { engine, dispatcher });
    }
    const nodes = items.map((item) => ({ nodeIndex: node.index, ...item }));
    return dispatcher.addNodes(plan, job, nodes);
  }

  async function wait(at: Inspection, { request, child }: Extract<Decision, { kind: 'wait' }>) {
    const { agentRunId, depth, projectId, facts } = at;
    const parked = await engine.park({ runId: job.runId, agentRunId, ...request });
    if (!parked.parked) return null;
    if (parked.settled) return DONE;
    if (request.items) await keepSucceededItems(job.runId, node, facts.trigger, { db, engine });
    await runItems(parked.items, at);
    if (child && request.childRunId !== undefined) {
      await startChild(
        { job, agentRunId, depth, projectId, child: { ...child, runId: request.childRunId } },
        { engine, submitter },
      );
    }
    return park(
      request.wakeSeconds === undefined ? UNTIL_TOLD_MS : Math.min(request.wakeSeconds * 1000 + 5, UNTIL_TOLD_MS),
    );
  }
}

/** What the definition says about a node that is ready. @param now by the database's clock, in milliseconds since 1970 */
function decide(node: PlanNode, seen: Inspection, needsApproval: boolean, now: number): Decision {
  return orFailure(node, () => decideOrThrow(node, seen, needsApproval, now));
}

function locksOf(node: PlanNode, scope: Scope) {
  return orFailure(node, () => ({ locks: resolve(node, scope).locks }));
}

/** What the definition itself gets wrong fails the node. */
function orFailure<T>(node: PlanNode, work: () => T): T | Extract<Decision, { kind: 'settle' }> {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return {
      kind: 'settle',
      result: { status: 'FAILED', errorCode: error.code, errorMessage: `Node ${node.id}: ${error.message}` },
    };
  }
}

function decideOrThrow(node: PlanNode, seen: Inspection, needsApproval: boolean, now: number): Decision {
  const scope = scopeOf(seen);
  if (seen.itemIndex === null) {
    if (node.when && !isTrue(node, node.when.evaluate(scope))) return skipped(node);
    if ((node.node.approval ?? needsApproval) && seen.approval === null) return askApproval(node, seen, scope);
    if (node.forEach) return expand(node, node.forEach.evaluate(scope));
  }
  return waitOfKind(node, scope, now) ?? { kind: 'claim' };
}

function scopeOf({ facts, nodes, item, itemIndex }: Inspection): Scope {
  return { input: facts.input, run: facts, nodes, ...(itemIndex !== null && { item }) };
}

function isTrue(node: PlanNode, value: Json): boolean {
  if (typeof value === 'boolean') return value;
  throw new AppError(
    'EXPRESSION_ERROR',
    `"when" must be true or false, "${node.node.when ?? ''}" gave ${JSON.stringify(value)}`,
  );
}

function skipped(node: PlanNode): Decision {
  const errorMessage = `The condition was false: ${node.node.when ?? ''}`;
  return { kind: 'settle', result: { status: 'SKIPPED', errorCode: 'SKIPPED_BY_CONDITION', errorMessage } };
}

function askApproval(node: PlanNode, seen: Inspection, scope: Scope): Decision {
  const { roles, timeoutSeconds, onTimeout = 'reject', schema, announce } = node.node.approval ?? {};
  // A map asks once, before there are items: what is shown is the list.
  const resolved: JsonObject = node.forEach ? { input: { items: node.forEach.evaluate(scope) } } : resolve(node, scope);
  const message = typeof resolved.message === 'string' ? resolved.message : undefined;
  return {
    kind: 'wait',
    request: {
      waitingFor: 'approval',
      input: resolved.input ?? {},
      approval: {
        onTimeout,
        ...(message !== undefined && { message }),
        ...(roles && { roles }),
        ...(schema && { schema: schema as JsonObject }),
      },
      ...(announce !== undefined && { announce }),
      ...(timeoutSeconds !== undefined && { expiresSeconds: timeoutSeconds, expiresAs: 'APPROVAL_TIMEOUT' }),
    },
  };
}

function expand(node: PlanNode, items: Json): Decision {
  if (!Array.isArray(items)) {
    throw new AppError(
      'EXPRESSION_ERROR',
      `"forEach" must give a list, "${node.node.forEach ?? ''}" gave ${JSON.stringify(items).slice(0, 200)}`,
    );
  }
  if (items.length > MOST_ITEMS) {
    throw new AppError('EXPRESSION_ERROR', `"forEach" gave ${items.length} items; at most ${MOST_ITEMS} are run`);
  }
  if (items.length === 0) return { kind: 'settle', result: { status: 'SUCCESS', output: [] } };
  const { maxParallel } = node.node;
  return { kind: 'wait', request: { waitingFor: 'items', items, ...(maxParallel !== undefined && { maxParallel }) } };
}

function waitOfKind(planNode: PlanNode, scope: Scope, now: number): Decision | null {
  const { node } = planNode;
  const limits = [node.timeoutSeconds, node.totalTimeoutSeconds].filter((limit) => limit !== undefined);
  const expires = limits.length === 0 ? {} : { expiresSeconds: Math.min(...limits), expiresAs: 'TIMEOUT' };
  switch (node.kind) {
    case 'agent':
    case 'transform':
      return null;
    case 'wait':
      return { kind: 'wait', request: { waitingFor: 'timer', ...timer(resolve(planNode, scope).wait ?? null, now) } };
    case 'signal':
      return { kind: 'wait', request: { waitingFor: 'signal', waitingName: node.signal.name, ...expires } };
    case 'awaitResolved':
      return {
        kind: 'wait',
        request: { waitingFor: 'resolved', expiresSeconds: node.awaitResolved.timeoutSeconds, expiresAs: 'TIMEOUT' },
      };
    case 'workflow': {
      const input = resolve(planNode, scope).input ?? {};
      return {
        kind: 'wait',
        request: { waitingFor: 'workflow', childRunId: randomUUID(), input, ...expires },
        child: { workflow: node.workflow, input },
      };
    }
  }
}

function timer(wait: Json, now: number): { wakeSeconds: number } {
  const { seconds, until } = wait as JsonObject;
  const wakeSeconds =
    until === undefined ? Number(seconds) : (Date.parse(typeof until === 'string' ? until : '') - now) / 1000;
  if (!Number.isFinite(wakeSeconds)) {
    throw new AppError('TEMPLATE_ERROR', `"wait" needs a number of seconds or a time, it got ${JSON.stringify(wait)}`);
  }
  return { wakeSeconds: Math.max(0, wakeSeconds) };
}

function resolve(node: PlanNode, scope: Scope): JsonObject {
  return (node.input?.resolve(scope) ?? {}) as JsonObject;
}

interface ChildStart {
  readonly job: Pick<NodeJob, 'runId'>;
  readonly agentRunId: string;
  readonly depth: number;
  readonly projectId: string;
  readonly child: { readonly workflow: string; readonly input: Json; readonly runId: string };
}

/** Starts the run of a sub-workflow under the id that its node holds; what can never start fails the node. */
export async function startChild(
  { job, agentRunId, depth, projectId, child }: ChildStart,
  { engine, submitter }: Pick<DecisionParts, 'engine' | 'submitter'>,
): Promise<void> {
  try {
    if (depth + 1 > LIMITS.subWorkflowDepth) {
      throw new AppError(
        'CONFLICT',
        `Sub-workflows go ${LIMITS.subWorkflowDepth} deep at most; this would be ${depth + 1}`,
      );
    }
    await submitter.submit({
      workflow: child.workflow,
      projectId,
      input: child.input,
      runId: child.runId,
      trigger: { type: 'workflow', parentRunId: job.runId },
      parent: { runId: job.runId, agentRunId, depth: depth + 1 },
      idempotency: { scope: 'child', key: child.runId, requestHash: '' },
    });
  } catch (error) {
    if (!(error instanceof AppError) || error.status >= 500) throw error;
    await engine.settle({
      runId: job.runId,
      agentRunId,
      token: null,
      status: 'FAILED',
      errorCode: 'SUB_WORKFLOW_FAILED',
      errorMessage: `Workflow ${child.workflow} could not be started: ${error.message}`,
    });
  }
}
