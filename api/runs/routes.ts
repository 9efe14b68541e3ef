import { z } from 'zod';
import { AppError } from '../../contracts/errors.ts';
import { findRunState, findRunWithNodes, listRuns } from '../../sql/queries/runs.ts';
import { EVENT_STREAM, eventStream } from '../event-stream.ts';
import { idOrName } from '../identifiers.ts';
import { LIST_HEADERS, listAnswer } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { requireWorkflowId } from '../workflows/find-workflow.ts';
import { requireOwned, requireRun } from './find-run.ts';
import { followEvents } from './follow-events.ts';
import { presentRun, presentRunSummary } from './present.ts';
import * as wire from './schema.ts';
import { waitForEnd } from './wait.ts';

const tag = 'Runs';
const runList = {
  200: { description: 'Runs, newest first', schema: z.array(wire.runSummarySchema), headers: LIST_HEADERS },
};

export const listWorkflowRuns = defineRoute({
  id: 'listWorkflowRuns',
  method: 'GET',
  path: '/api/workflows/:id/runs',
  scope: 'viewer',
  tag,
  summary: 'The runs of a workflow',
  params: z.strictObject({ id: idOrName }),
  query: z.strictObject(wire.runListQuery),
  responses: runList,
  async handle({ params, query: { limit, cursor, label, status, ...filter }, api, ctx }) {
    const workflowId = await requireWorkflowId(api, params.id);
    const rows = await listRuns(api.db, { ...filter, workflowId, labels: label, statuses: status }, { limit, cursor });
    return listAnswer(ctx, rows, { limit, body: rows.map(presentRunSummary) });
  },
});

export const listAllRuns = defineRoute({
  id: 'listRuns',
  method: 'GET',
  path: '/api/runs',
  scope: 'viewer',
  tag,
  summary: 'The runs of all workflows, with search',
  query: z.strictObject({ ...wire.runListQuery, workflow: idOrName.optional() }),
  responses: runList,
  async handle({ query: { limit, cursor, label, status, ...filter }, api, ctx }) {
    const rows = await listRuns(api.db, { ...filter, labels: label, statuses: status }, { limit, cursor });
    return listAnswer(ctx, rows, { limit, body: rows.map(presentRunSummary) });
  },
});

export const getRun = defineRoute({
  id: 'getRun',
  method: 'GET',
  path: '/api/workflows/:id/runs/:runId',
  scope: 'viewer',
  tag,
  summary: 'A run with its nodes',
  description: 'With `?wait=30` the answer comes when the run has ended or the seconds are over, whichever is first.',
  params: wire.runParams,
  query: wire.waitQuery,
  responses: { 200: { description: 'The run', schema: wire.runSchema } },
  async handle({ params: { id, runId }, query: { wait = 0 }, principal, api, ctx }) {
    const run =
      wait > 0
        ? await waitForEnd(api, { id, runId }, { seconds: wait, signal: api.openStreams.open(ctx, principal) })
        : await requireOwned(api, id, runId, await findRunWithNodes(api.db, runId));
    return {
      status: 200,
      body: presentRun(run, api.config.traceUrl),
      headers: { 'Cache-Control': 'no-store' },
    };
  },
});

export const streamRunEvents = defineRoute({
  id: 'streamRunEvents',
  method: 'GET',
  path: '/api/workflows/:id/runs/:runId/events',
  scope: 'viewer',
  tag,
  summary: 'The events of a run, as they happen',
  description:
    'Server-sent events. `id` is the sequence of the event in the run, `event` its type, `data` `{runId, sequence, type, time, data}`. ' +
    'With `Last-Event-ID` the stream goes on behind that event, without a gap. It ends after the event that ends the run; asked again ' +
    'behind that one, the answer is 204, so that browsers stop asking.',
  params: wire.runParams,
  headers: { 'Last-Event-ID': 'The `id` of the last event that was received' },
  responses: {
    200: { description: 'The stream', contentType: EVENT_STREAM },
    204: { description: 'The run has ended and there are no events behind the one given' },
  },
  async handle({ params: { id, runId }, principal, api, ctx }) {
    await requireRun(api, id, runId);
    const after = readSequence(ctx.get('last-event-id'));
    const state = await findRunState(api.db, runId);
    if (state?.ended && after >= state.sequence) return { status: 204 };
    return eventStream(followEvents(api, { runId, after, signal: api.openStreams.open(ctx, principal) }));
  },
});

function readSequence(lastEventId: string): number {
  if (lastEventId === '') return 0;
  if (/^\d{1,9}$/.test(lastEventId)) return Number(lastEventId);
  throw new AppError('INVALID_INPUT', 'Last-Event-ID is the number of an event of this run.');
}
