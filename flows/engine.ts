import { AppError } from '../contracts/errors.ts';
import { createCombiner } from '../platform/combine.ts';
import { failpoint } from '../platform/failpoints.ts';
import type { Database } from '../sql/pool.ts';
import * as transitions from '../sql/queries/engine.ts';
import type {
  CancelRequest,
  ClaimAnswer,
  ClaimRequest,
  DecideRequest,
  ParkRequest,
  ReleaseRequest,
  RunGroupRequest,
  SettleRequest,
  SignalRequest,
  StartedNode,
} from '../sql/queries/engine.ts';
import { repeatDeadlocks } from '../sql/repeat-deadlocks.ts';
import type { Aftermath } from './aftermath.ts';

/** What a settle did for the one who asked. */
export interface Settled {
  /** False when the token was no longer the node's: somebody else owns it, or it is settled. */
  readonly accepted: boolean;
  /** Transforms of the same group that are now this worker's. */
  readonly started: readonly StartedNode[];
}

/**
 * The transitions with their consequences: each writes to Postgres, then what follows is set going (gates, jobs, parents,
 * listeners). Claims and settles of the whole process are merged into few statements. Their ordered locks leave no deadlock
 * among them; an operator's SQL beside them can cause one, and they are repeated then.
 */
export interface Engine {
  claim(request: ClaimRequest): Promise<ClaimAnswer>;
  settle(request: SettleRequest): Promise<Settled>;
  /** False where anything was not as assumed, and nothing was written: claim the nodes then. */
  runGroup(request: RunGroupRequest): Promise<boolean>;
  release(request: ReleaseRequest): ReturnType<typeof transitions.release>;
  park(request: ParkRequest): ReturnType<typeof transitions.park>;
  decide(request: DecideRequest): ReturnType<typeof transitions.decide>;
  signal(request: SignalRequest): ReturnType<typeof transitions.signal>;
  cancel(request: CancelRequest): ReturnType<typeof transitions.cancel>;
  setPaused(runId: string, paused: boolean, by: string): ReturnType<typeof transitions.setPaused>;
  /** Waits for what is being written and for its consequences. */
  idle(): Promise<void>;
}

/** A statement that fails for what it was given, not for the state of the server, fails for one of those that share it. */
const COMBINED = { maxBatch: 100, isPoison: (error: unknown) => !(error instanceof AppError) } as const;

export function createEngine(db: Database, aftermath: Aftermath): Engine {
  const claim = createCombiner<ClaimRequest, ClaimAnswer>(async (requests) => {
    const answers = [...(await repeatDeadlocks(() => transitions.claim(db, requests)))];
    requests.forEach(({ runId }, index) => {
      const answer = answers[index];
      if (answer && 'claimed' in answer) aftermath.changed(runId);
    });
    return answers;
  }, COMBINED);
  const settle = createCombiner<SettleRequest, Settled>(async (requests) => {
    const settlement = await repeatDeadlocks(() => transitions.settle(db, requests));
    failpoint('settle-committed');
    aftermath.of(settlement);
    return shareOut(requests, settlement);
  }, COMBINED);

  const runGroup = createCombiner<RunGroupRequest, boolean>(async (requests) => {
    const settlement = await repeatDeadlocks(() => transitions.runGroups(db, requests));
    aftermath.of(settlement);
    const accepted = new Set(settlement.settled.map(({ runId, nodeIndex }) => `${runId}.${nodeIndex}`));
    return requests.map(({ runId, group }) => accepted.has(`${runId}.${group}`));
  }, COMBINED);

  return {
    claim,
    settle,
    runGroup,
    async release(request) {
      const answer = await repeatDeadlocks(() => transitions.release(db, request));
      if (answer.settled) aftermath.of(answer.settled);
      aftermath.changed(request.runId);
      return answer;
    },
    async park(request) {
      const answer = await repeatDeadlocks(() => transitions.park(db, request));
      if (answer.settled) aftermath.of(answer.settled);
      if (answer.parked) aftermath.changed(request.runId);
      return answer;
    },
    async decide(request) {
      const answer = await repeatDeadlocks(() => transitions.decide(db, request));
      if (answer.settled) aftermath.of(answer.settled);
      if (answer.decided) aftermath.changed(answer.runId);
      return answer;
    },
    async signal(request) {
      const answer = await repeatDeadlocks(() => transitions.signal(db, request));
      if (answer.settled) aftermath.of(answer.settled);
      return answer;
    },
    async cancel(request) {
      const answer = await repeatDeadlocks(() => transitions.cancel(db, request));
      failpoint('cancel-written');
      if (answer.settled) aftermath.of(answer.settled);
      if (answer.accepted) aftermath.stop(request.runId);
      return answer;
    },
    async setPaused(runId, paused, by) {
      const answer = await transitions.setPaused(db, runId, paused, by);
      if (answer.accepted) aftermath.changed(runId);
      return answer;
    },
    async idle() {
      await claim.idle();
      await settle.idle();
      await runGroup.idle();
      await aftermath.idle();
    },
  };
}

function shareOut(requests: readonly SettleRequest[], { settled, started }: transitions.Settlement): Settled[] {
  const accepted = new Set(settled.map(({ agentRunId }) => agentRunId));
  const startedOf = new Map<string, StartedNode[]>();
  for (const node of started) startedOf.set(node.runId, [...(startedOf.get(node.runId) ?? []), node]);
  return requests.map(({ runId, agentRunId, ahead }) => {
    // Several requests of one turn may have made them ready together: the first takes them all.
    const mine = ahead ? (startedOf.get(runId) ?? []) : [];
    if (ahead) startedOf.delete(runId);
    return { accepted: accepted.has(agentRunId), started: mine };
  });
}
