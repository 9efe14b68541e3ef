import { WHOLE_WORKFLOW } from '../../flows/budget.ts';
import type { ScheduleTrigger } from '../../flows/definition.ts';
import { mapInput } from '../../flows/mapping.ts';
import { planSchedule, scheduleKey } from '../../flows/schedule-plan.ts';
import { findOpenRunsOf, moveCursor, openCursors, type TriggerCursor } from '../../sql/queries/schedules.ts';
import { recordDecisions, type NewDecision } from '../../sql/queries/triggers.ts';
import { startRun, whatBecame } from './start-run.ts';
import { eachAlone, type Task, type TaskParts } from './task.ts';
import type { ActiveTrigger, ActiveTriggers } from './triggered-workflows.ts';

type Schedule = ActiveTrigger<ScheduleTrigger>;

/** A due time is remembered as started for this long; a backfill of older times would run them again. */
const REMEMBERED_SECONDS = 365 * 24 * 3600;
/** An idle cursor is moved this often, so that a restart has little to look back at. */
const CURSOR_MS = 60_000;
const MOST_WAITING = 100;

/**
 * Starts what is due. Exactly once: the key is the workflow and the due time, whoever asks and however often.
 * @param now the clock
 */
export function createSchedules(activeTriggers: ActiveTriggers, now: () => Date = () => new Date()): Task {
  return {
    name: 'schedules',
    evenAtRest: true,
    async run(parts) {
      const schedules = await activeTriggers(parts.db, 'schedule');
      if (schedules.length === 0) return;
      const cursors = await openCursors(parts.db, [...new Set(schedules.map(cursorName))]);
      const byName = new Map(cursors.map((cursor) => [cursor.name, cursor]));
      await eachAlone(
        schedules,
        parts,
        ({ id }) => id,
        async (schedule) => {
          const cursor = byName.get(cursorName(schedule));
          if (cursor) await serve(parts, schedule, cursor, now());
        },
      );
    },
  };
}

/** A changed expression or zone is another schedule: what the old one owed is nobody's. */
function cursorName({ id, trigger: { cron, timezone } }: Schedule): string {
  return `schedule/${id}/${cron} ${timezone}`;
}

async function serve(parts: TaskParts, schedule: Schedule, cursor: TriggerCursor, now: Date): Promise<void> {
  const plan = planSchedule(schedule.id, schedule.trigger, cursor.at, now);
  const [oldest, newest] = [plan.missed[0], plan.missed.at(-1)];
  const decisions: NewDecision[] = [];
  if (oldest && newest) {
    const message = `${plan.missed.length} due times were missed, the last ${newest.toISOString()}: longer ago than catchUpSeconds`;
    decisions.push(decisionOf(schedule, newest, 'missed', { message }));
  }
  const waiting = [...cursor.waiting, ...(schedule.trigger.overlap === 'queue' ? plan.due : [])];
  const overflow = waiting.splice(MOST_WAITING);
  for (const due of overflow)
    decisions.push(decisionOf(schedule, due, 'overlap', { message: `${MOST_WAITING} due times wait already` }));
  if (schedule.trigger.overlap === 'queue') {
    const next = waiting[0];
    if (next && (await findOpenRunsOf(parts.db, schedule.workflowId, schedule.id)).length === 0) {
      decisions.push(await start(parts, schedule, next));
      waiting.shift();
    }
  } else {
    for (const due of plan.due) decisions.push(await startUnlessOpen(parts, schedule, due));
  }
  const isIdle = decisions.length === 0 && waiting.length === cursor.waiting.length;
  if (isIdle && plan.cursor.getTime() - cursor.at.getTime() < CURSOR_MS) return;
  await parts.db.transaction(async (transaction) => {
    await recordDecisions(transaction, decisions);
    await moveCursor(transaction, { name: cursor.name, at: plan.cursor, waiting });
  });
}

async function startUnlessOpen(parts: TaskParts, schedule: Schedule, due: Date): Promise<NewDecision> {
  const { overlap } = schedule.trigger;
  if (overlap === 'all') return start(parts, schedule, due);
  const open = await findOpenRunsOf(parts.db, schedule.workflowId, schedule.id);
  if (open.length === 0) return start(parts, schedule, due);
  if (overlap === 'skip') {
    const message = `Run ${open[0] ?? ''} of the time before is still open`;
    return decisionOf(schedule, due, 'overlap', { message });
  }
  for (const runId of open) await cancel(parts, runId, due);
  return start(parts, schedule, due);
}

async function cancel({ engine }: TaskParts, runId: string, due: Date): Promise<void> {
  const errorMessage = `The schedule's next time ${due.toISOString()} has come`;
  await engine.cancel({ runId, by: 'schedule', endAs: 'CANCELLED', errorCode: 'CANCELLED', errorMessage });
}

async function start({ submitter }: TaskParts, schedule: Schedule, due: Date): Promise<NewDecision> {
  const { id, trigger, workflowId } = schedule;
  const key = scheduleKey(workflowId, trigger, due);
  const dueAt = due.toISOString();
  const outcome = await startRun(submitter, () => ({
    workflow: workflowId,
    input: trigger.input === undefined ? {} : mapInput(trigger.input, { dueAt, timezone: trigger.timezone }),
    trigger: { type: 'schedule', triggerId: id, dueAt, cron: trigger.cron, timezone: trigger.timezone },
    counts: WHOLE_WORKFLOW,
    idempotency: { scope: 'schedule', key, requestHash: key, ttlSeconds: REMEMBERED_SECONDS },
  }));
  // not created: started before a crash (and not noted), or by a backfill
  const { outcome: became, ...more } = whatBecame(outcome);
  return decisionOf(schedule, due, became, more);
}

function decisionOf(
  { id, workflowId, workflowName, trigger }: Schedule,
  due: Date,
  outcome: string,
  more: Pick<NewDecision, 'message' | 'runId'>,
): NewDecision {
  const subject = { dueAt: due.toISOString(), cron: trigger.cron, timezone: trigger.timezone };
  return { triggerId: id, workflowId, workflowName, triggerType: 'schedule', outcome, subject, ...more };
}
