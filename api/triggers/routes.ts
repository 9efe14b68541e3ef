import { z } from 'zod';
import { FLAPPING } from '../../flows/budget.ts';
import { listAlerts as findAlerts, measureAlertRuns } from '../../sql/queries/alerts.ts';
import { listLocks as findLocks } from '../../sql/queries/locks.ts';
import { findLastDecisions, listDecisions, listWorkflowsWithTriggers } from '../../sql/queries/triggers.ts';
import { idOrName } from '../identifiers.ts';
import { integerParameter, LIST_HEADERS, listAnswer, pageQuery } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { requireWorkflowId } from '../workflows/find-workflow.ts';
import { workflowParams } from '../workflows/schema.ts';
import { triggersOf, withLastDecision } from './present.ts';
import { alertSchema, alertStatisticsSchema, decisionSchema, lockSchema, triggerSchema } from './schema.ts';

const tag = 'Triggers';

export const listTriggers = defineRoute({
  id: 'listTriggers',
  method: 'GET',
  path: '/api/triggers',
  scope: 'viewer',
  tag,
  summary: 'What starts runs besides people, with its next times and its last decision',
  query: z.strictObject({ workflow: idOrName.optional() }),
  responses: {
    200: { description: 'All triggers, by workflow', schema: z.array(triggerSchema) },
    404: { description: 'There is no such workflow' },
  },
  async handle({ query: { workflow }, api }) {
    const id = workflow === undefined ? undefined : await requireWorkflowId(api, workflow);
    const triggers = (await listWorkflowsWithTriggers(api.db, id)).flatMap(triggersOf);
    const decisions = await findLastDecisions(
      api.db,
      triggers.map((trigger) => trigger.id),
    );
    const last = new Map(decisions.map((decision) => [decision.triggerId, decision]));
    return { status: 200, body: triggers.map((trigger) => withLastDecision(trigger, last.get(trigger.id))) };
  },
});

/** Kept decisions outlive their trigger, so there is no 404 here. */
export const triggerId = z
  .string()
  .regex(/^[0-9a-f-]{36}\.\w{1,20}\.\d{1,3}$/, 'Not the id of a trigger: <workflowId>.<type>.<n>');

export const listTriggerDecisions = defineRoute({
  id: 'listTriggerDecisions',
  method: 'GET',
  path: '/api/triggers/:id/decisions',
  scope: 'viewer',
  tag,
  summary: 'What came for a trigger, and what it started or why not',
  params: z.strictObject({ id: triggerId }),
  query: z.strictObject({ ...pageQuery, outcome: z.string().max(40).optional() }),
  responses: { 200: { description: 'Newest first', schema: z.array(decisionSchema), headers: LIST_HEADERS } },
  async handle({ params, query: { limit, cursor, outcome }, api, ctx }) {
    const rows = await listDecisions(api.db, { triggerId: params.id, outcome }, { limit, cursor });
    const body = rows.map(({ cursor: _, runId, at, until, ...row }) => ({
      ...row,
      at: at.toISOString(),
      until: until?.toISOString() ?? null,
      workflowRunId: runId,
    }));
    return listAnswer(ctx, rows, { limit, body });
  },
});

export const listAlerts = defineRoute({
  id: 'listAlerts',
  method: 'GET',
  path: '/api/alerts',
  scope: 'viewer',
  tag,
  summary: 'The alerts that came, as they stand',
  query: z.strictObject({
    ...pageQuery,
    status: z.enum(['firing', 'resolved']).optional(),
    fingerprint: z.string().max(128).optional(),
    alertname: z.string().max(256).optional(),
  }),
  responses: { 200: { description: 'Began last first', schema: z.array(alertSchema), headers: LIST_HEADERS } },
  async handle({ query: { limit, cursor, ...filter }, api, ctx }) {
    const rows = await findAlerts(api.db, filter, { limit, cursor });
    const body = rows.map(({ cursor: _, recentStarts, ...row }) => ({
      ...row,
      startsAt: row.startsAt.toISOString(),
      endsAt: row.endsAt?.toISOString() ?? null,
      firstReceivedAt: row.firstReceivedAt.toISOString(),
      lastReceivedAt: row.lastReceivedAt.toISOString(),
      resolvedAt: row.resolvedAt?.toISOString() ?? null,
      flapping: recentStarts >= FLAPPING.starts,
    }));
    return listAnswer(ctx, rows, { limit, body });
  },
});

export const getAlertStatistics = defineRoute({
  id: 'getAlertStatistics',
  method: 'GET',
  path: '/api/workflows/:id/alert-statistics',
  scope: 'viewer',
  tag,
  summary: 'How often a workflow fixed the alerts that started it, and how fast',
  params: workflowParams,
  query: z.strictObject({ days: integerParameter(1, 365).default(30) }),
  responses: { 200: { description: 'Over the last days', schema: alertStatisticsSchema } },
  async handle({ params, query: { days }, api }) {
    const measured = await measureAlertRuns(api.db, await requireWorkflowId(api, params.id), days);
    const fixRate = measured.ended === 0 ? null : measured.fixed / measured.ended;
    return { status: 200, body: { ...measured, fixRate } };
  },
});

const MOST_LOCKS = 1_000;

export const listLocks = defineRoute({
  id: 'listLocks',
  method: 'GET',
  path: '/api/locks',
  scope: 'viewer',
  tag,
  summary: 'Which node holds which target',
  responses: { 200: { description: 'Acquired last first', schema: z.array(lockSchema) } },
  async handle({ api }) {
    const rows = await findLocks(api.db, MOST_LOCKS);
    const body = rows.map(({ runId, acquiredAt, leaseUntil: _, ...row }) => ({
      ...row,
      workflowRunId: runId,
      acquiredAt: acquiredAt.toISOString(),
    }));
    return { status: 200, body };
  },
});
