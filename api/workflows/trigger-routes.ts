import { z } from 'zod';
import { AppError } from '../../contracts/errors.ts';
import type { Json } from '../../contracts/json.ts';
import type { RunStatus } from '../../contracts/statuses.ts';
import { definitionJsonSchema } from '../../flows/definition.ts';
import type { Submitted } from '../../flows/new-run.ts';
import { isKeyUsed } from '../../sql/queries/project-limits.ts';
import { findRunState } from '../../sql/queries/runs.ts';
import type { Api } from '../api.ts';
import { readJson } from '../middleware/read-body.ts';
import { runLocation } from '../runs/location.ts';
import { presentRun } from '../runs/present.ts';
import { acceptedRun, runSchema, waitQuery } from '../runs/schema.ts';
import { waitForEnd } from '../runs/wait.ts';
import { defineRoute } from '../route.ts';
import { requestHash } from './canonical.ts';
import { checkSent } from './check.ts';
import { requireWorkflowId } from './find-workflow.ts';
import { definitionBody, versionNumber, workflowParams } from './schema.ts';

const tag = 'Workflows';

export const validateWorkflow = defineRoute({
  id: 'validateWorkflow',
  method: 'POST',
  path: '/api/workflows/validate',
  scope: 'operator',
  tag,
  summary: 'Check a definition and store nothing',
  description: 'The checks of creation, every problem at once.',
  body: definitionBody,
  responses: {
    200: {
      description: 'It can be stored; `nodes` and `edges` are as they would be',
      schema: z.strictObject({ valid: z.literal(true), nodes: z.int(), edges: z.int() }),
    },
  },
  async handle({ body, api }) {
    const { definition } = await checkSent(api, body);
    return { status: 200, body: { valid: true, nodes: definition.nodes.length, edges: definition.edges.length } };
  },
});

export const getDefinitionSchema = defineRoute({
  id: 'getDefinitionSchema',
  method: 'GET',
  path: '/api/schemas/workflow.json',
  scope: 'viewer',
  tag,
  summary: 'The JSON Schema of a definition, for editors',
  responses: { 200: { description: 'JSON Schema, draft 2020-12', contentType: 'application/schema+json' } },
  handle: () => ({
    status: 200,
    body: JSON.stringify(definitionJsonSchema()),
    headers: { 'Content-Type': 'application/schema+json' },
  }),
});

const labels = z.record(
  z.string().regex(/^[A-Za-z_][A-Za-z0-9_./-]{0,62}$/, 'A label name has letters, digits, "_", ".", "/" and "-"'),
  z.string().max(256),
);

const triggerBody = z
  .strictObject({
    input: z.record(z.string(), z.unknown()).optional(),
    contextJson: z
      .union([z.record(z.string(), z.unknown()), z.string()])
      .optional()
      .describe('Another name of `input`; may be JSON in a string'),
    labels: labels.optional(),
  })
  .refine(({ input, contextJson }) => input === undefined || contextJson === undefined, {
    error: 'Is the same as "input": send one of the two',
    path: ['contextJson'],
  })
  .optional();

const startedRun = acceptedRun
  .extend({ run: runSchema.optional().describe('With `wait`: what `GET` of it answers') })
  .meta({ id: 'StartedRun' });

/** `00-<trace>-<span>-<flags>` of W3C trace context. */
const TRACEPARENT = /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/;
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/;

export const triggerWorkflow = defineRoute({
  id: 'triggerWorkflow',
  method: 'POST',
  path: '/api/workflows/:id/trigger',
  scope: 'operator',
  tag,
  summary: 'Start a run',
  description:
    'The body is optional. With an `Idempotency-Key` the same request within 24 hours is answered with the same run: 200 with the same ' +
    'body (as parsed, whatever the order of its fields), 409 with another. With `?wait=30` the answer comes with the run, when it has ' +
    'ended or the seconds are over, whichever is first.',
  params: workflowParams,
  query: waitQuery.extend({ version: versionNumber.optional().describe('Default: the current one') }),
  headers: {
    'Idempotency-Key': 'Up to 255 printable characters that name this request',
    traceparent: 'W3C trace context',
  },
  body: triggerBody,
  responses: {
    202: { description: 'The run is stored', schema: startedRun, headers: { Location: 'The run' } },
    200: { description: 'The key has started this run before', schema: startedRun, headers: { Location: 'The run' } },
    409: { description: 'The workflow is a draft, archived or paused; or the key was used with another body' },
  },
  async handle({ params, query: { version, wait = 0 }, body, principal, api, ctx }) {
    // who may not wait starts nothing
    const gone = wait > 0 ? api.openStreams.open(ctx, principal) : undefined;
    const input = inputOf(body);
    const request = { input, ...(body?.labels && { labels: body.labels }), ...(version !== undefined && { version }) };
    const key = readKey(ctx.get('idempotency-key'));
    const traceparent = ctx.get('traceparent');
    const hash = key === undefined ? undefined : requestHash(request);
    const idempotency =
      key === undefined || hash === undefined
        ? undefined
        : { scope: await requireWorkflowId(api, params.id), key, requestHash: hash };
    const submitted = await api.submitter.submit({
      ...request,
      workflow: params.id,
      trigger: { type: 'api', by: principal.name },
      admit: (projectId) =>
        api.openRuns.admit(ctx, { projectId, principal: principal.name }, () => hasStarted(api, idempotency)),
      ...(idempotency && { idempotency }),
      ...(TRACEPARENT.test(traceparent) && { traceparent }),
    });
    if (!submitted.created && submitted.requestHash !== hash) throw otherBody();
    const { runId, workflowId, workflowName, created } = submitted;
    if (created) api.runWatch.began(runId);
    const outcome = gone
      ? await outcomeOf(api, submitted, { seconds: wait, signal: gone })
      : { status: await statusOf(api, submitted) };
    return {
      status: created ? 202 : 200,
      body: { workflowRunId: runId, workflowId, workflowName, ...outcome },
      headers: { Location: runLocation(submitted) },
    };
  },
});

async function statusOf({ db }: Api, { runId, created, status }: Submitted): Promise<RunStatus> {
  return created ? status : ((await findRunState(db, runId))?.status ?? status);
}

async function outcomeOf(api: Api, { runId, workflowId }: Submitted, wait: { seconds: number; signal: AbortSignal }) {
  const run = presentRun(await waitForEnd(api, { id: workflowId, runId }, wait), api.config.traceUrl);
  return { status: run.status, run };
}

/** A key that has started a run gets the answer again, whatever is open. */
function hasStarted({ db }: Api, idempotency: { scope: string; key: string } | undefined): Promise<boolean> {
  return idempotency === undefined ? Promise.resolve(false) : isKeyUsed(db, idempotency.scope, idempotency.key);
}

function inputOf(body: z.output<typeof triggerBody>): Json {
  const given = body?.input ?? body?.contextJson ?? {};
  if (typeof given !== 'string') return given as Json;
  const parsed = readJson(given);
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed as Json;
  throw new AppError('INVALID_INPUT', 'contextJson is no JSON object.', {
    problems: [{ path: 'contextJson', message: 'Must be an object, or the JSON text of one' }],
  });
}

function readKey(header: string): string | undefined {
  if (header === '') return undefined;
  if (IDEMPOTENCY_KEY.test(header)) return header;
  throw new AppError('INVALID_INPUT', 'Idempotency-Key has 1 to 255 printable characters without spaces.');
}

function otherBody(): AppError {
  return new AppError('CONFLICT', 'This Idempotency-Key was used with another body: use a new key for a new request.');
}
