import { z } from 'zod';
import type { Json } from '../../contracts/json.ts';
import { RUN_STATUSES } from '../../contracts/statuses.ts';
import { nodeIdSchema } from '../../flows/names.ts';
import { audit } from '../audit/audit.ts';
import { uuid } from '../identifiers.ts';
import { defineRoute } from '../route.ts';
import { requireRun } from './find-run.ts';
import { runLocation } from './location.ts';
import * as wire from './schema.ts';

const tag = 'Run control';
const nothing = z.strictObject({}).optional();

const receipt = z
  .strictObject({
    workflowRunId: uuid,
    status: z.enum(RUN_STATUSES),
    stopped: z.array(
      z.strictObject({
        nodeId: z.string(),
        itemIndex: z.int().nullable(),
        how: z.enum(['not started', 'stopped', 'stopping']),
        ms: z.number(),
      }),
    ),
    children: z.array(uuid).describe('Runs of sub-workflows that were cancelled with it'),
    ms: z.number(),
  })
  .meta({ id: 'CancelReceipt' });

export const cancelRun = defineRoute({
  id: 'cancelRun',
  method: 'POST',
  path: '/api/workflows/:id/runs/:runId/cancel',
  scope: 'operator',
  tag,
  summary: 'Cancel a run',
  description: 'Waits up to 5 s for what is under way to stop, and tells what was stopped, how, and how long it took.',
  params: wire.runParams,
  body: nothing,
  responses: {
    202: { description: 'The receipt', schema: receipt },
    409: { description: 'The run has ended already' },
  },
  async handle({ params: { id, runId }, principal, api, ctx }) {
    await requireRun(api, id, runId);
    const { runId: workflowRunId, status, stopped, children, ms } = await api.control.cancel(runId, principal.name);
    const body = { workflowRunId, status, stopped: [...stopped], children: [...children], ms };
    await audit(api.db, { ctx, principal }, { action: 'cancelRun', target: runId, after: body });
    return { status: 202, body };
  },
});

const state = z.strictObject({ workflowRunId: uuid, status: z.enum(RUN_STATUSES) }).meta({ id: 'RunState' });

export const pauseRun = defineRoute({
  id: 'pauseRun',
  method: 'POST',
  path: '/api/workflows/:id/runs/:runId/pause',
  scope: 'operator',
  tag,
  summary: 'Pause a run',
  description: 'Attempts under way finish, nothing new starts.',
  params: wire.runParams,
  body: nothing,
  responses: {
    202: { description: 'Paused', schema: state },
    409: { description: 'It is paused, ended or ending already' },
  },
  async handle({ params: { id, runId }, principal, api, ctx }) {
    const before = await requireRun(api, id, runId);
    const { status } = await api.control.pause(runId, principal.name);
    await audit(
      api.db,
      { ctx, principal },
      { action: 'pauseRun', target: runId, before: { status: before.status }, after: { status } },
    );
    return { status: 202, body: { workflowRunId: runId, status } };
  },
});

export const resumeRun = defineRoute({
  id: 'resumeRun',
  method: 'POST',
  path: '/api/workflows/:id/runs/:runId/resume',
  scope: 'operator',
  tag,
  summary: 'Resume a paused run',
  params: wire.runParams,
  body: nothing,
  responses: { 202: { description: 'Resumed', schema: state }, 409: { description: 'It is not paused' } },
  async handle({ params: { id, runId }, principal, api, ctx }) {
    const before = await requireRun(api, id, runId);
    const { status } = await api.control.resume(runId, principal.name);
    await audit(
      api.db,
      { ctx, principal },
      { action: 'resumeRun', target: runId, before: { status: before.status }, after: { status } },
    );
    return { status: 202, body: { workflowRunId: runId, status } };
  },
});

const retryBody = z
  .union([
    z.strictObject({ from: z.enum(['failed', 'start']).default('failed'), input: z.unknown().optional() }),
    z.strictObject({ nodes: z.array(nodeIdSchema).min(1).max(1_000), input: z.unknown().optional() }),
  ])
  .optional();

export const retryRun = defineRoute({
  id: 'retryRun',
  method: 'POST',
  path: '/api/workflows/:id/runs/:runId/retry',
  scope: 'operator',
  tag,
  summary: 'Run a run again, as a new one',
  description:
    'From what failed (the default), from the start, or the given nodes with all that follow them. Results that succeeded are taken ' +
    'over, say from which run they came, and are not computed again.',
  params: wire.runParams,
  body: retryBody,
  responses: {
    202: { description: 'The new run', schema: wire.acceptedRun, headers: { Location: 'The new run' } },
    409: { description: 'The run has not ended, or there is nothing to retry' },
  },
  async handle({ params: { id, runId }, body, principal, api, ctx }) {
    const { projectId } = await requireRun(api, id, runId);
    await api.openRuns.admit(ctx, { projectId, principal: principal.name });
    const { input, ...what } = body ?? { from: 'failed' as const };
    const submitted = await api.submitter.retry(runId, what, input as Json | undefined, principal.name);
    const { workflowId, workflowName, status } = submitted;
    await audit(
      api.db,
      { ctx, principal },
      { action: 'retryRun', target: runId, after: { workflowRunId: submitted.runId, ...what } },
    );
    return {
      status: 202,
      body: { workflowRunId: submitted.runId, workflowId, workflowName, status, retryOf: runId },
      headers: { Location: runLocation(submitted) },
    };
  },
});

export const sendSignal = defineRoute({
  id: 'sendSignal',
  method: 'POST',
  path: '/api/workflows/:id/runs/:runId/signals/:name',
  scope: 'operator',
  tag,
  summary: 'Send a signal to a run',
  description:
    'The body, any JSON, becomes the output of the node that waits for it. A signal that comes early is kept.',
  params: wire.runParams.extend({ name: nodeIdSchema }),
  body: z.unknown(),
  responses: {
    202: {
      description: 'Taken; `delivered` says whether a node was waiting for it',
      schema: z.strictObject({ workflowRunId: uuid, name: z.string(), delivered: z.boolean() }),
    },
    409: { description: 'The run has ended already' },
  },
  async handle({ params: { id, runId, name }, body, principal, api, ctx }) {
    await requireRun(api, id, runId);
    const payload = (body ?? null) as Json;
    const { delivered } = await api.control.signal({ runId, name, payload, by: principal.name });
    await audit(api.db, { ctx, principal }, { action: 'sendSignal', target: runId, after: { name, delivered } });
    return { status: 202, body: { workflowRunId: runId, name, delivered } };
  },
});
