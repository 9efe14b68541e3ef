import { z } from 'zod';
import { AppError } from '../../contracts/errors.ts';
import { parseDefinition, type ScheduleTrigger } from '../../flows/definition.ts';
import { mapInput } from '../../flows/mapping.ts';
import { dueTimes } from '../../flows/schedule.ts';
import { scheduleKey } from '../../flows/schedule-plan.ts';
import { nameTriggers } from '../../flows/trigger-id.ts';
import { recordDecisions } from '../../sql/queries/triggers.ts';
import type { Api } from '../api.ts';
import { defineRoute } from '../route.ts';
import { requireWorkflow } from '../workflows/find-workflow.ts';
import { triggerId } from './routes.ts';
import { backfillSchema } from './schema.ts';

const MOST_TIMES = 1_000;
const REMEMBERED_SECONDS = 365 * 24 * 3600;

const timeField = z.iso.datetime({ offset: true, error: 'Must be a time like 2030-01-01T00:00:00Z' });

export const backfillTrigger = defineRoute({
  id: 'backfillTrigger',
  method: 'POST',
  path: '/api/triggers/:id/backfill',
  scope: 'operator',
  tag: 'Triggers',
  summary: 'Start the runs of a schedule for a range of times',
  description: 'A due time that has started a run, by the clock or by a backfill, starts no other one.',
  params: z.strictObject({ id: triggerId }),
  body: z.strictObject({
    from: timeField.describe('Included'),
    until: timeField.describe('Not included'),
    dryRun: z.boolean().default(false).describe('Only say which times there are'),
  }),
  responses: {
    202: { description: 'The runs are stored', schema: z.array(backfillSchema) },
    200: { description: 'The times of a dry run', schema: z.array(backfillSchema) },
  },
  async handle({ params, body, principal, api }) {
    const { workflowId, workflowName, trigger } = await requireSchedule(api, params.id);
    const times = timesIn(trigger, body);
    if (body.dryRun) return { status: 200, body: times.map((time) => planned(time)) };
    const results = [];
    for (const due of times) {
      const dueAt = due.toISOString();
      const key = scheduleKey(workflowId, trigger, due);
      const { runId, created } = await api.submitter.submit({
        workflow: workflowId,
        input: trigger.input === undefined ? {} : mapInput(trigger.input, { dueAt, timezone: trigger.timezone }),
        trigger: {
          ...{ type: 'schedule', triggerId: params.id, dueAt, cron: trigger.cron, timezone: trigger.timezone },
          ...{ backfill: true, by: principal.name },
        },
        idempotency: { scope: 'schedule', key, requestHash: key, ttlSeconds: REMEMBERED_SECONDS },
      });
      results.push({ dueAt, workflowRunId: runId, outcome: created ? ('started' as const) : ('duplicate' as const) });
    }
    await recordDecisions(
      api.db,
      results.map(({ dueAt, workflowRunId, outcome }) => ({
        ...{ triggerId: params.id, workflowId, workflowName, triggerType: 'schedule', outcome, runId: workflowRunId },
        ...{ message: `Backfilled by ${principal.name}`, subject: { dueAt, backfill: true } },
      })),
    );
    return { status: 202, body: results };
  },
});

function planned(time: Date) {
  return { dueAt: time.toISOString(), workflowRunId: null, outcome: 'planned' as const };
}

function timesIn(trigger: ScheduleTrigger, { from, until }: { from: string; until: string }): Date[] {
  // the range is [from, until), dueTimes answers for (after, until]
  const after = new Date(Date.parse(from) - 1);
  const times = dueTimes(trigger.cron, trigger.timezone, after, new Date(Date.parse(until) - 1), MOST_TIMES + 1);
  if (times.length <= MOST_TIMES) return times;
  throw new AppError('INVALID_INPUT', `The range has more than ${MOST_TIMES} due times: split it.`, {
    problems: [{ path: 'until', message: `At most ${MOST_TIMES} due times at once` }],
  });
}

async function requireSchedule(api: Api, id: string) {
  const [workflowId = ''] = id.split('.');
  const workflow = await requireWorkflow(api, workflowId);
  const named = nameTriggers(workflow.id, parseDefinition(workflow.definition).triggers).find((one) => one.id === id);
  if (named?.trigger.type !== 'schedule') throw new AppError('NOT_FOUND', `There is no schedule ${id}`);
  return { workflowId: workflow.id, workflowName: workflow.name, trigger: named.trigger };
}
