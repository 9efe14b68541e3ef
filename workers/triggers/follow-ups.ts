import type { Json, JsonObject } from '../../contracts/json.ts';
import { WHOLE_WORKFLOW } from '../../flows/budget.ts';
import type { Trigger } from '../../flows/definition.ts';
import { mapInput } from '../../flows/mapping.ts';
import { onFailureId } from '../../flows/trigger-id.ts';
import { moveCursor, openCursors } from '../../sql/queries/schedules.ts';
import { findEndedRuns, recordFollowUps, type FollowableRun, type NewDecision } from '../../sql/queries/triggers.ts';
import { startRun, whatBecame } from './start-run.ts';
import { eachAlone, type Task, type TaskParts } from './task.ts';
import type { ActiveTrigger, ActiveTriggers } from './triggered-workflows.ts';

type Follower = ActiveTrigger<Extract<Trigger, { type: 'workflow' }>>;

/** Somebody who wants to know of the end of a run. */
interface FollowUp {
  readonly run: FollowableRun;
  readonly triggerId: string;
  readonly triggerType: string;
  /** Id or name, in the run's project. */
  readonly workflow: string;
  readonly workflowId: string;
  readonly workflowName: string;
  readonly mapping?: object | undefined;
}

const CURSOR = 'ended-runs';
/**
 * A transaction's end is visible later than the time that it notes as the run's end: what ended this long ago is looked at
 * again. Longer than any of the engine's transactions takes. In ms.
 */
const LOOK_BACK_MS = 60_000;
/** The cursor is moved in steps of this: a write now and then, where each round would do. */
const CURSOR_MS = 10_000;
const MOST_AT_ONCE = 200;
/** Runs that follow each other without anybody asking: more than this is a circle. */
const LONGEST_CHAIN = 10;

/**
 * Starts what follows the end of a run: `workflow` triggers and `onFailure`. Read from the runs themselves, so that nothing
 * between a run's end and the next one's start can lose it; started once for each run and follower.
 * @param now the clock by which runs end, in milliseconds since 1970
 */
export function createFollowUps(activeTriggers: ActiveTriggers, now: () => number = Date.now): Task {
  return {
    name: 'follow-ups',
    async run(parts) {
      const [cursor] = await openCursors(parts.db, [CURSOR]);
      if (!cursor) return;
      const roundBegan = now();
      const followers = await activeTriggers(parts.db, 'workflow');
      const watched = [...new Set(followers.map(({ trigger }) => trigger.workflow))];
      const runs = await findEndedRuns(parts.db, { since: cursor.at, watched, limit: MOST_AT_ONCE });
      const failed: string[] = [];
      await eachAlone(
        runs,
        parts,
        ({ runId }) => runId,
        async (run) => {
          failed.push(run.runId);
          const decisions: NewDecision[] = [];
          for (const followUp of followUpsOf(run, followers)) decisions.push(await follow(parts, followUp));
          await recordFollowUps(parts.db, run.runId, decisions);
          failed.pop();
        },
      );
      // what failed, and what did not fit this round, is found again from where the cursor stands
      if (failed.length > 0 || runs.length === MOST_AT_ONCE) return;
      const reached = roundBegan - LOOK_BACK_MS;
      if (reached - cursor.at.getTime() > CURSOR_MS) await moveCursor(parts.db, { ...cursor, at: new Date(reached) });
    },
  };
}

function followUpsOf(run: FollowableRun, followers: readonly Follower[]): FollowUp[] {
  const asked = followers
    .filter(({ trigger }) => trigger.workflow === run.workflowName && trigger.on.includes(run.status))
    .filter(({ definition }) => definition.projectId === run.projectId)
    .map(({ id, workflowId, workflowName, trigger }) => ({
      run,
      triggerId: id,
      triggerType: 'workflow',
      workflow: workflowId,
      workflowId,
      workflowName,
      mapping: trigger.mapping,
    }));
  if (run.status !== 'FAILED' || run.onFailure === null) return asked;
  const { workflowId, workflowName } = run;
  const onFailure = {
    run,
    triggerId: onFailureId(workflowId),
    triggerType: 'onFailure',
    workflow: run.onFailure,
    workflowId,
    workflowName,
  };
  return [...asked, onFailure];
}

async function follow({ submitter }: TaskParts, followUp: FollowUp): Promise<NewDecision> {
  const { run, triggerId, triggerType, workflow, workflowId, workflowName, mapping } = followUp;
  const { runId, status } = run;
  const subject = { runId, workflow: run.workflowName, status };
  const decision = { triggerId, triggerType, workflowId, workflowName, subject };
  const chain = chainOf(run.trigger) + 1;
  if (chain > LONGEST_CHAIN) {
    const message = `${LONGEST_CHAIN} runs have followed each other: this looks like a circle`;
    return { ...decision, outcome: 'declined', message };
  }
  const key = `${runId}/${triggerId}`;
  const outcome = await startRun(submitter, () => ({
    workflow,
    projectId: run.projectId,
    input: mapInput(mapping, { run: factsOf(run) }),
    trigger: { type: 'workflow', triggerId, runId, workflow: run.workflowName, status, chain },
    counts: WHOLE_WORKFLOW,
    idempotency: { scope: 'run-ended', key, requestHash: key, ttlSeconds: 365 * 24 * 3600 },
  }));
  return { ...decision, ...whatBecame(outcome) };
}

function chainOf({ chain }: JsonObject): number {
  return typeof chain === 'number' ? chain : 0;
}

function factsOf({
  runId,
  workflowName,
  status,
  input,
  output,
  errorCode,
  errorMessage,
  errorNodeId,
  labels,
}: FollowableRun): Json {
  const error = errorCode === null ? null : { code: errorCode, message: errorMessage, nodeId: errorNodeId };
  return { id: runId, workflow: workflowName, status, input, output, error, labels };
}
