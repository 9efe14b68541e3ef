import { sql } from 'slonik';
import { z } from 'zod';
import { AppError } from '../../contracts/errors.ts';
import type { Json, JsonObject } from '../../contracts/json.ts';
import { NODE_STATUSES, RUN_STATUSES, type TerminalStatus } from '../../contracts/statuses.ts';
import type { Queryable } from '../pool.ts';
import { toJsonText } from '../storable.ts';

/** The engine's transitions, one function each; what they promise is written at the SQL functions (sql/migrations). */

const json: z.ZodType<Json> = z.any();
const runStatus = z.enum(RUN_STATUSES);

const settledNode = z.object({
  agentRunId: z.string(),
  runId: z.string(),
  nodeId: z.string(),
  nodeIndex: z.number(),
  itemIndex: z.number().nullable(),
  status: z.enum(NODE_STATUSES),
  attempt: z.number(),
  /** It waited without a worker, so its job is parked. */
  waited: z.boolean(),
  epoch: z.number(),
  versionId: z.number(),
});
const readyNode = z.object({
  runId: z.string(),
  epoch: z.number(),
  versionId: z.number(),
  agentRunId: z.string(),
  nodeIndex: z.number(),
  nodeId: z.string(),
  itemIndex: z.number().nullable(),
});
const startedNode = z.object({
  runId: z.string(),
  agentRunId: z.string(),
  nodeIndex: z.number(),
  nodeId: z.string(),
  attempt: z.number(),
});
const endedRun = z.object({
  runId: z.string(),
  workflowName: z.string(),
  status: runStatus,
  triggerType: z.string(),
  durationSeconds: z.number(),
  parentRunId: z.string().nullable(),
  parentAgentRunId: z.string().nullable(),
});
const settlement = z.object({
  settled: z.array(settledNode),
  ready: z.array(readyNode),
  started: z.array(startedNode),
  ended: z.array(endedRun),
  finish: z.array(z.string()),
  admitted: z.array(z.string()),
});

const settlementRow = z.object({ r: settlement });

export type StartedNode = z.infer<typeof startedNode>;
export type EndedRun = z.infer<typeof endedRun>;
/** What a settle changed. */
export type Settlement = z.infer<typeof settlement>;

export interface SettleRequest {
  readonly runId: string;
  readonly agentRunId: string;
  /** The claim's token; null for a node that nobody runs. */
  readonly token: string | null;
  readonly status: TerminalStatus;
  readonly output?: Json;
  readonly errorCode?: string;
  readonly errorMessage?: string;
  readonly exitCode?: number;
  readonly copiedFromRunId?: string;
  /** Claim the transforms of the same group that this makes ready, for this worker. */
  readonly ahead?: boolean;
  readonly workerId?: string;
}

/** Settles nodes, of any number of runs, in one transaction. */
export async function settle(db: Queryable, requests: readonly SettleRequest[]): Promise<Settlement> {
  return db.oneFirst(sql.type(settlementRow)`SELECT engine_settle(${toJsonText(requests)}::jsonb) AS r`);
}

export interface RunGroupRequest {
  readonly runId: string;
  readonly epoch: number;
  readonly workerId: string;
  /** Index of the group's first node. */
  readonly group: number;
  /** How long ago the worker began with the group. */
  readonly ms: number;
  /**
   * In order: `i` the node's index, `o` its output, `h` where its dependencies lie outside the group, `s` and `e` when it
   * was begun and ended, in ms from the group's beginning.
   */
  readonly nodes: readonly {
    readonly i: number;
    readonly o: Json;
    readonly h: boolean;
    readonly s: number;
    readonly e: number;
  }[];
}

/** Claims and settles whole groups of evaluated transforms; of each group that was accepted the first node is in `settled`. */
export async function runGroups(db: Queryable, requests: readonly RunGroupRequest[]): Promise<Settlement> {
  return db.oneFirst(sql.type(settlementRow)`SELECT engine_run_groups(${toJsonText(requests)}::jsonb) AS r`);
}

const claimedNode = z.object({
  agentRunId: z.string(),
  nodeIndex: z.number(),
  nodeId: z.string(),
  itemIndex: z.number().nullable(),
  attempt: z.number(),
  lostAttempts: z.number(),
  item: json,
  approval: json,
  readyAt: z.string().nullable(),
  firstStartedAt: z.string().nullable(),
});
const nodeResult = z.object({ status: z.enum(NODE_STATUSES), output: json, approval: json });
const runFacts = z.object({
  input: json,
  trigger: json,
  labels: json,
  startedAt: z.string().nullable(),
  createdAt: z.string(),
});
const claimAnswer = z.union([
  z.object({
    key: z.number(),
    claimed: z.array(claimedNode),
    run: runFacts.nullable(),
    nodes: z.record(z.string(), nodeResult),
  }),
  z.object({
    key: z.number(),
    reason: z.enum(['gone', 'stale', 'settled', 'paused', 'waiting', 'held', 'blocked', 'limit']),
    until: z.string().nullable(),
  }),
]);

const claimAnswersRow = z.object({ r: z.array(claimAnswer) });

export type ClaimedNode = z.infer<typeof claimedNode>;
/** Nodes claimed with what they need to run, or why there was nothing to claim and when to look again. */
export type ClaimAnswer = z.infer<typeof claimAnswer>;

export interface ClaimRequest {
  readonly runId: string;
  readonly epoch: number;
  /** One instance of a forEach node, or else `nodes`. */
  readonly agentRunId?: string;
  readonly nodes: readonly number[];
  /** Whose queue the job came from: the pool's limit counts the node. Absent for what is no agent. */
  readonly pool?: string;
  readonly token: string;
  readonly workerId: string;
  readonly leaseSeconds: number;
  /** Nodes whose results the claim brings along. */
  readonly needs: readonly number[];
  readonly withRun: boolean;
}

/** Claims nodes for workers; one answer per request, in order. */
export async function claim(db: Queryable, requests: readonly ClaimRequest[]): Promise<readonly ClaimAnswer[]> {
  const keyed = requests.map((request, key) => ({ ...request, key }));
  return db.oneFirst(sql.type(claimAnswersRow)`SELECT engine_claim(${toJsonText(keyed)}::jsonb) AS r`);
}

export interface CreateRun {
  readonly id: string;
  readonly workflowId: string;
  readonly workflowName: string;
  readonly workflowVersion: number;
  readonly versionId: number;
  readonly projectId: string;
  readonly triggerType: string;
  readonly trigger: JsonObject;
  readonly input: Json;
  readonly labels: Readonly<Record<string, string>>;
  readonly deadlineSeconds?: number;
  readonly hasOutput: boolean;
  readonly retryOf?: string;
  readonly parentRunId?: string;
  readonly parentAgentRunId?: string;
  readonly depth?: number;
  readonly traceparent?: string;
  readonly concurrencyKey?: string;
  readonly concurrencyLimit?: number;
  readonly idempotencyScope?: string;
  readonly idempotencyKey?: string;
  readonly requestHash?: string;
  readonly keyTtlSeconds?: number;
}

const createdRun = z.object({
  id: z.string(),
  created: z.boolean(),
  requestHash: z.string().nullable(),
  admitted: z.boolean(),
});
const createdRunsRow = z.object({ r: z.array(createdRun) });
export type CreatedRun = z.infer<typeof createdRun>;

/** Starts runs: with an idempotency key at most once per key; one answer per request, in order. */
export async function createRuns(db: Queryable, requests: readonly CreateRun[]): Promise<readonly CreatedRun[]> {
  return db.oneFirst(sql.type(createdRunsRow)`SELECT engine_create_runs(${toJsonText(requests)}::jsonb) AS r`);
}

export interface ReleaseRequest {
  readonly runId: string;
  readonly agentRunId: string;
  readonly token: string;
  readonly delaySeconds: number;
  /** The infrastructure failed, not the agent: counted apart. */
  readonly lost: boolean;
  readonly errorCode: string;
  readonly errorMessage: string;
  readonly exitCode?: number;
}

const releaseAnswer = z.object({
  released: z.boolean(),
  epoch: z.number().optional(),
  settled: settlement.nullish(),
});
const releaseAnswerRow = z.object({ r: releaseAnswer });

/** Gives a claimed node back to run again after a delay. In a run that is being cancelled it is settled instead. */
export async function release(db: Queryable, request: ReleaseRequest): Promise<z.infer<typeof releaseAnswer>> {
  return db.oneFirst(sql.type(releaseAnswerRow)`SELECT engine_release(${toJsonText(request)}::jsonb) AS r`);
}

export interface ParkRequest {
  readonly runId: string;
  readonly agentRunId: string;
  readonly waitingFor: 'approval' | 'timer' | 'signal' | 'workflow' | 'items' | 'resolved';
  readonly waitingName?: string;
  readonly wakeSeconds?: number;
  readonly wakeAt?: string;
  readonly expiresSeconds?: number;
  readonly expiresAs?: string;
  readonly input?: Json;
  readonly approval?: { message?: string; roles?: readonly string[]; schema?: Json; onTimeout: 'reject' | 'approve' };
  /** The workflow that tells people of the approval. */
  readonly announce?: string;
  readonly items?: readonly Json[];
  readonly maxParallel?: number;
  readonly childRunId?: string;
}

const parkAnswer = z.object({
  parked: z.boolean(),
  approvalId: z.string().nullish(),
  /** The signal that it waits for had come before: it is settled. */
  settled: settlement.nullish(),
  items: z.array(z.object({ agentRunId: z.string(), itemIndex: z.number() })).default([]),
  epoch: z.number().optional(),
});
const parkAnswerRow = z.object({ r: parkAnswer });

/** Puts a ready node to wait without a worker. `parked` is false where it was no longer ready. */
export async function park(db: Queryable, request: ParkRequest): Promise<z.infer<typeof parkAnswer>> {
  return db.oneFirst(sql.type(parkAnswerRow)`SELECT engine_park(${toJsonText(request)}::jsonb) AS r`);
}

export interface DecideRequest {
  readonly approvalId: string;
  readonly decision: 'APPROVED' | 'REJECTED';
  readonly respondedBy?: string;
  readonly notes?: string;
  readonly answer?: Json;
  /** The link by which the decision comes; it counts once. */
  readonly linkId?: string;
  /** Nobody decided in time; the decision is what the definition says for that. */
  readonly expired?: boolean;
}

const decideAnswer = z.object({
  found: z.boolean(),
  decided: z.boolean().default(false),
  status: z.string().default(''),
  runId: z.string().default(''),
  agentRunId: z.string().optional(),
  nodeId: z.string().default(''),
  nodeIndex: z.number().default(-1),
  itemIndex: z.number().nullish(),
  epoch: z.number().default(0),
  settled: settlement.nullish(),
});
const decideAnswerRow = z.object({ r: decideAnswer });

/** Records a decision; `decided` is false where there was one before. */
export async function decide(db: Queryable, request: DecideRequest): Promise<z.infer<typeof decideAnswer>> {
  return db.oneFirst(sql.type(decideAnswerRow)`SELECT engine_decide(${toJsonText(request)}::jsonb) AS r`);
}

export interface SignalRequest {
  readonly runId: string;
  readonly name: string;
  readonly payload: Json;
  readonly by: string;
  /** Of the message that brings it: the same one counts once. */
  readonly messageId?: string;
}

const signalAnswer = z.object({
  found: z.boolean(),
  /** False where the run has ended. */
  accepted: z.boolean(),
  status: runStatus.nullish(),
  duplicate: z.boolean().default(false),
  /** The node that waited for it. */
  settled: settlement.nullish(),
});
const signalAnswerRow = z.object({ r: signalAnswer });
export type SignalAnswer = z.infer<typeof signalAnswer>;

/** Gives a signal to the node that waits for it, or keeps it for the first that will. */
export async function signal(db: Queryable, request: SignalRequest): Promise<SignalAnswer> {
  return db.oneFirst(sql.type(signalAnswerRow)`SELECT engine_signal(${toJsonText(request)}::jsonb) AS r`);
}

export interface CancelRequest {
  readonly runId: string;
  readonly by: string;
  readonly endAs: 'CANCELLED' | 'FAILED';
  readonly errorCode: string;
  readonly errorMessage: string;
}

const cancelAnswer = z.object({
  found: z.boolean(),
  accepted: z.boolean().default(false),
  status: runStatus.optional(),
  epoch: z.number().optional(),
  settled: settlement.nullish(),
  running: z
    .array(
      z.object({
        agentRunId: z.string(),
        nodeId: z.string(),
        itemIndex: z.number().nullable(),
        workerId: z.string().nullable(),
      }),
    )
    .default([]),
  children: z.array(z.string()).default([]),
});
const cancelAnswerRow = z.object({ r: cancelAnswer });

/** Asks a run to end. What a worker runs goes on until the worker has stopped it. */
export async function cancel(db: Queryable, request: CancelRequest): Promise<z.infer<typeof cancelAnswer>> {
  return db.oneFirst(sql.type(cancelAnswerRow)`SELECT engine_cancel(${toJsonText(request)}::jsonb) AS r`);
}

const pauseAnswer = z.object({
  found: z.boolean(),
  accepted: z.boolean().default(false),
  status: runStatus.optional(),
  epoch: z.number().optional(),
});
const pauseAnswerRow = z.object({ r: pauseAnswer });

/** Pauses or resumes a run; `accepted` is false where it is so already, ended or ending. */
export async function setPaused(
  db: Queryable,
  runId: string,
  paused: boolean,
  by: string,
): Promise<z.infer<typeof pauseAnswer>> {
  return db.oneFirst(sql.type(pauseAnswerRow)`SELECT engine_pause(${runId}, ${paused}, ${by}) AS r`);
}

const finishAnswer = z.object({ ended: z.array(endedRun), admitted: z.array(z.string()) });
const finishAnswerRow = z.object({ r: finishAnswer });

/** Ends a run whose nodes are all settled, with the output that its templates gave, or the reason why they failed. */
export async function finish(
  db: Queryable,
  request: { runId: string; output?: Json; errorCode?: string; errorMessage?: string },
): Promise<z.infer<typeof finishAnswer>> {
  return db.oneFirst(sql.type(finishAnswerRow)`SELECT engine_finish(${toJsonText(request)}::jsonb) AS r`);
}

/** @throws AppError NOT_FOUND naming the run */
export function runNotFound(runId: string): AppError {
  return new AppError('NOT_FOUND', `There is no run ${runId}`);
}
