import { AppError } from '../contracts/errors.ts';
import type { Json } from '../contracts/json.ts';
import { isTerminal, type RunStatus } from '../contracts/statuses.ts';
import type { Hints } from '../platform/hints.ts';
import type { Database } from '../sql/pool.ts';
import { findApprovalRules, type ApprovalRules } from '../sql/queries/approval-rules.ts';
import { runNotFound, type SignalRequest } from '../sql/queries/engine.ts';
import { findReadyNodes } from '../sql/queries/nodes.ts';
import { findDispatchFacts, findRunResult } from '../sql/queries/results.ts';
import { findStops } from '../sql/queries/stops.ts';
import { mayDecide, type Decider } from './approval-roles.ts';
import type { Dispatcher } from './dispatch.ts';
import type { Engine } from './engine.ts';
import { validateInput } from './json-schema.ts';
import { markNode, type Mark, type MarkedNode } from './mark-node.ts';
import type { Plans } from './plans.ts';

/** What a cancel stopped, and how long it took. `how`: `not started`, `stopped`, or `stopping` when it takes longer. */
export interface CancelReceipt {
  readonly runId: string;
  readonly status: RunStatus;
  readonly stopped: readonly {
    nodeId: string;
    itemIndex: number | null;
    how: 'not started' | 'stopped' | 'stopping';
    ms: number;
  }[];
  /** Sub-workflow runs that were cancelled with it. */
  readonly children: readonly string[];
  readonly ms: number;
}

export interface Decision {
  readonly decision: 'APPROVED' | 'REJECTED';
  readonly respondedBy?: string;
  readonly notes?: string;
  readonly answer?: Json;
  /**
   * Who decides, where the approval names roles: see `mayDecide`. `entitled` where their right was looked at before: they decided
   * for the same run, or have a link that was made for them. Absent: nobody that a role could mean.
   */
  readonly who?: Decider | 'entitled';
  /** The link by which it comes: it counts once. */
  readonly linkId?: string;
}

/** What people do to runs that are under way. */
export interface RunControl {
  /** @throws AppError NOT_FOUND; CONFLICT on a run that has ended */
  cancel(runId: string, by: string): Promise<CancelReceipt>;
  /** @throws AppError NOT_FOUND; CONFLICT when it is so already, ended or ending */
  pause(runId: string, by: string): Promise<{ runId: string; status: RunStatus }>;
  resume(runId: string, by: string): Promise<{ runId: string; status: RunStatus }>;
  /** @throws AppError NOT_FOUND; CONFLICT on a second decision; FORBIDDEN without a role; INVALID_INPUT on the answer */
  decide(approvalId: string, decision: Decision): Promise<{ status: string; runId: string; nodeId: string }>;
  /** Skips an open node, or gives it an output: see `markNode`. */
  mark(node: MarkedNode, mark: Mark, by: string): Promise<void>;
  /** A signal that no node waits for yet is kept for the first one that does. @throws AppError NOT_FOUND, CONFLICT */
  signal(signal: SignalRequest): Promise<{ delivered: boolean; duplicate: boolean }>;
}

export interface ControlParts {
  readonly db: Database;
  readonly engine: Engine;
  readonly plans: Plans;
  readonly dispatcher: Dispatcher;
  readonly hints: Hints;
}

const RECEIPT_TIMEOUT_MS = 5000;

export function createControl({ db, engine, plans, dispatcher, hints }: ControlParts): RunControl {
  /** The parked job looks again now; where it cannot be found the reconciler adds one. */
  async function wakeParked(node: { runId: string; epoch: number; nodeIndex: number }): Promise<void> {
    const run = await findDispatchFacts(db, node.runId);
    if (run === null) return;
    const plan = await plans.get(run.versionId);
    const { nodeIndex } = node;
    if (!(await dispatcher.promote(plan, run, { nodeIndex }))) await dispatcher.addNodes(plan, run, [{ nodeIndex }]);
  }

  async function wakeAllParked(runId: string): Promise<void> {
    const run = await findDispatchFacts(db, runId);
    if (run === null) return;
    const plan = await plans.get(run.versionId);
    const ready = await findReadyNodes(db, runId);
    // What is not promoted looks again by itself within seconds.
    await Promise.allSettled(ready.map((nodeIndex) => dispatcher.promote(plan, run, { nodeIndex })));
  }

  async function setPaused(runId: string, paused: boolean, by: string) {
    const { found, accepted, status } = await engine.setPaused(runId, paused, by);
    if (!found || status === undefined) throw runNotFound(runId);
    if (!accepted) {
      throw new AppError('CONFLICT', `Run ${runId} cannot be ${paused ? 'paused' : 'resumed'}: it is ${status}`);
    }
    if (!paused) await wakeAllParked(runId);
    return { runId, status };
  }

  return {
    async cancel(runId, by) {
      const started = performance.now();
      const { found, accepted, status, settled, running, children } = await engine.cancel(cancelRequest(runId, by));
      if (!found) throw runNotFound(runId);
      if (!accepted) throw new AppError('CONFLICT', `Run ${runId} has ended already: it is ${status ?? 'terminal'}`);
      await Promise.all(
        children.map((child) => engine.cancel(cancelRequest(child, by, `Its parent run ${runId} was cancelled`))),
      );
      const ended = await waitForEnd(runId);
      const stops = await findStops(db, runId);
      const startedNodes = new Set(running.map(({ agentRunId }) => agentRunId));
      const notStarted = (settled?.settled ?? []).filter(
        (node) => node.runId === runId && !startedNodes.has(node.agentRunId),
      );
      return {
        runId,
        status: ended,
        stopped: [
          ...notStarted.map(({ nodeId, itemIndex }) => ({ nodeId, itemIndex, how: 'not started' as const, ms: 0 })),
          ...running.map(({ agentRunId, nodeId, itemIndex }) => {
            const stop = stops.get(agentRunId);
            return {
              nodeId,
              itemIndex,
              how: stop === undefined ? ('stopping' as const) : ('stopped' as const),
              ms: stop ?? since(started),
            };
          }),
        ],
        children,
        ms: since(started),
      };
    },
    pause: (runId, by) => setPaused(runId, true, by),
    resume: (runId, by) => setPaused(runId, false, by),
    async decide(approvalId, { decision, respondedBy, notes, answer, who = NOBODY, linkId }) {
      const rules = await findApprovalRules(db, approvalId);
      if (rules === null) throw new AppError('NOT_FOUND', `There is no approval ${approvalId}`);
      refuseDecided(approvalId, rules.status);
      if (who !== 'entitled') refuseStranger(rules, who);
      if (decision === 'APPROVED') refuseAnswer(rules, answer ?? null);
      const decided = await engine.decide({
        approvalId,
        decision,
        ...(respondedBy !== undefined && { respondedBy }),
        ...(notes !== undefined && { notes }),
        ...(answer !== undefined && { answer }),
        ...(linkId !== undefined && { linkId }),
      });
      // Somebody else may have decided since.
      if (!decided.decided) refuseDecided(approvalId, decided.status);
      if (decision === 'APPROVED') await wakeParked(decided).catch(() => undefined);
      return { status: decided.status, runId: decided.runId, nodeId: decided.nodeId };
    },
    mark: (node, mark, by) => markNode(node, mark, by, { db, engine }),
    async signal({ runId, ...signal }) {
      const { found, accepted, status, settled, duplicate } = await engine.signal({ runId, ...signal });
      if (!found) throw runNotFound(runId);
      if (!accepted) throw new AppError('CONFLICT', `Run ${runId} has ended already: it is ${status ?? 'terminal'}`);
      return { delivered: Boolean(settled), duplicate };
    },
  };

  async function waitForEnd(runId: string): Promise<RunStatus> {
    const deadline = performance.now() + RECEIPT_TIMEOUT_MS;
    for (;;) {
      const changed = new Promise<void>((resolve) => {
        const unsubscribe = hints.subscribe('run', (payload) => {
          if (payload.runId !== runId) return;
          unsubscribe();
          resolve();
        });
        setTimeout(() => {
          unsubscribe();
          resolve();
        }, 200);
      });
      const { status } = await findRunResult(db, runId);
      if (isTerminal(status) || performance.now() > deadline) return status;
      await changed;
    }
  }
}

function cancelRequest(runId: string, by: string, message = `The run was cancelled by ${by}`) {
  return { runId, by, endAs: 'CANCELLED', errorCode: 'CANCELLED', errorMessage: message } as const;
}

function since(started: number): number {
  return Math.round(performance.now() - started);
}

function refuseDecided(approvalId: string, status: string): void {
  if (status === 'PENDING') return;
  if (status === 'LINK_OVER') throw new AppError('CONFLICT', 'This link was used already, or its time is over');
  throw new AppError('CONFLICT', `Approval ${approvalId} is decided already: it is ${status}`);
}

const NOBODY: Decider = { scope: '' };

function refuseStranger({ roles, nodeId }: ApprovalRules, who: Decider): void {
  if (!mayDecide(roles, who))
    throw new AppError('FORBIDDEN', `Node ${nodeId} may be decided by ${roles.join(', ')} only`);
}

function refuseAnswer({ answerSchema, nodeId }: ApprovalRules, answer: Json): void {
  if (answerSchema === null) return;
  const problems = validateInput(answerSchema, answer);
  if (problems.length === 0) return;
  throw new AppError('INVALID_INPUT', `The answer does not fit what node ${nodeId} asks for`, {
    problems: problems.map(({ path, message }) => ({ path: path === '' ? 'answer' : `answer.${path}`, message })),
  });
}
