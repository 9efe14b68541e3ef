import { randomUUID } from 'node:crypto';
import type { Context } from 'koa';
import { z } from 'zod';
import { AppError } from '../../contracts/errors.ts';
import type { Json } from '../../contracts/json.ts';
import { heldMessage, WHOLE_WORKFLOW } from '../../flows/budget.ts';
import { parseDefinition, type Trigger } from '../../flows/definition.ts';
import { mapInput } from '../../flows/mapping.ts';
import { isRefusal } from '../../flows/refusal.ts';
import type { Submitted } from '../../flows/submit.ts';
import { nameTriggers, type NamedTrigger } from '../../flows/trigger-id.ts';
import { signatureProblem, type SignedRequest } from '../../flows/webhook-signature.ts';
import { recordDecisions } from '../../sql/queries/triggers.ts';
import { insertWebhooks, recordOutcomes } from '../../sql/queries/webhooks.ts';
import type { WorkflowRow } from '../../sql/queries/workflows.ts';
import type { Api } from '../api.ts';
import { defineRoute } from '../route.ts';
import { runLocation } from '../runs/location.ts';
import { acceptedRun } from '../runs/schema.ts';
import { requestHash } from '../workflows/canonical.ts';
import { requireWorkflow } from '../workflows/find-workflow.ts';
import { workflowParams } from '../workflows/schema.ts';

export const receiveWebhook = defineRoute({
  id: 'receiveWorkflowWebhook',
  method: 'POST',
  path: '/api/webhooks/workflows/:id',
  scope: 'webhook',
  tag: 'Webhooks',
  summary: 'Start a workflow that has a `webhook` trigger',
  description:
    'The body, any JSON, is `input.body` of the run, or what the trigger’s `mapping` makes of it. An `Idempotency-Key` (or ' +
    '`X-GitHub-Delivery`) starts one run. A trigger with a `secret` asks for `X-Hub-Signature-256` as GitHub signs, or for the secret itself.',
  params: workflowParams,
  headers: {
    'Idempotency-Key': 'Names this delivery',
    'X-Hub-Signature-256': '`sha256=` and the HMAC of the body, where the trigger asks for it',
    'X-Webhook-Timestamp': 'Unix seconds, signed as `<timestamp>.<body>`, where the trigger has a replay window',
    'X-Webhook-Token': 'The secret, where the trigger’s scheme is `bearer`',
  },
  body: z.unknown(),
  responses: {
    202: { description: 'The run is stored', schema: acceptedRun, headers: { Location: 'The run' } },
    200: {
      description: 'This delivery has started a run before',
      schema: acceptedRun,
      headers: { Location: 'The run' },
    },
    403: { description: 'The sender does not prove to know the secret, or the request is too old' },
    409: { description: 'The workflow has no enabled webhook trigger, is a draft, archived or paused' },
  },
  async handle({ params, body, rawBody, principal, api, ctx }) {
    const workflow = await requireWorkflow(api, params.id);
    const named = requireTrigger(workflow);
    refuseStranger(api, named.trigger, { body: rawBody, header: (name) => ctx.get(name) });
    const webhookId = randomUUID();
    await insertWebhooks(api.db, [{ id: webhookId, kind: 'workflow', body: rawBody, sender: principal.name }]);
    const delivery = { webhookId, sender: principal.name, key: deliveryOf(ctx, named.trigger) };
    const arrived = { body: (body ?? null) as Json, headers: headersOf(ctx) };
    const submitted = await startRun(api, workflow, named, delivery, arrived);
    const { runId: workflowRunId, workflowId, workflowName, status, created, hold } = submitted;
    await record(api, workflow, named, delivery, {
      outcome: created ? 'started' : 'duplicate',
      runId: workflowRunId,
      ...(hold !== undefined && { message: heldMessage(hold) }),
    });
    return {
      status: created ? 202 : 200,
      body: { workflowRunId, workflowId, workflowName, status },
      headers: { Location: runLocation(submitted) },
    };
  },
});

type NamedWorkflow = Pick<WorkflowRow, 'id' | 'name'>;

interface Delivery {
  readonly webhookId: string;
  readonly sender: string;
  /** '' where the sender names none. */
  readonly key: string;
}

/** @throws AppError what the workflow refuses, noted as such */
async function startRun(
  api: Api,
  workflow: NamedWorkflow,
  named: NamedTrigger<WebhookTrigger>,
  delivery: Delivery,
  arrived: { readonly body: Json; readonly headers: Record<string, string> },
): Promise<Submitted> {
  const { webhookId, sender, key } = delivery;
  try {
    return await api.submitter.submit({
      workflow: workflow.id,
      input: mapInput(named.trigger.mapping, arrived),
      trigger: { type: 'webhook', triggerId: named.id, by: sender, webhookId },
      counts: WHOLE_WORKFLOW,
      ...(key !== '' && {
        idempotency: { scope: `webhook:${workflow.id}`, key, requestHash: requestHash(arrived.body) },
      }),
    });
  } catch (error) {
    if (!isRefusal(error)) throw error;
    await record(api, workflow, named, delivery, { outcome: 'declined', message: error.message });
    // a mapping that does not fit is for the sender to mend, no failure of ours
    throw error.status < 500 ? error : new AppError('INVALID_INPUT', error.message, { cause: error });
  }
}

/** What became of a delivery, beside its webhook and under its trigger. */
async function record(
  api: Api,
  { id: workflowId, name: workflowName }: NamedWorkflow,
  { id: triggerId }: NamedTrigger,
  { webhookId, sender, key }: Delivery,
  { runId, ...became }: { readonly outcome: string; readonly message?: string; readonly runId?: string },
): Promise<void> {
  const decision = { workflowId, workflowName, triggerId, ...became };
  const alerts = [{ ...decision, ...(runId !== undefined && { workflowRunId: runId }) }];
  await recordOutcomes(api.db, [{ webhookId, alerts }]);
  const subject = { sender, delivery: key === '' ? null : key };
  await recordDecisions(api.db, [{ ...decision, triggerType: 'webhook', runId, subject, webhookId }]);
}

type WebhookTrigger = Extract<Trigger, { type: 'webhook' }>;

function requireTrigger({ id, name, definition }: WorkflowRow): NamedTrigger<WebhookTrigger> {
  const found = nameTriggers(id, parseDefinition(definition).triggers).find(
    (named): named is NamedTrigger<WebhookTrigger> => named.trigger.type === 'webhook' && named.trigger.enabled,
  );
  if (found) return found;
  throw new AppError('CONFLICT', `Workflow ${name} has no enabled trigger of type webhook.`);
}

function refuseStranger(
  api: Api,
  { secret, scheme = 'hmac-sha256', replayWindowSeconds }: WebhookTrigger,
  request: SignedRequest,
): void {
  if (secret === undefined) return;
  const value = api.secret?.(secret);
  if (value === undefined)
    throw new AppError('UNAVAILABLE', `The secret ${secret} is not known: set AGENT_SECRET_${secret} and start again.`);
  const problem = signatureProblem(request, { secret: value, scheme, replayWindowSeconds }, new Date());
  if (problem !== null) throw new AppError('FORBIDDEN', `${problem}.`);
}

/** How senders name a delivery that they repeat; within a replay window the signature itself is a name. */
function deliveryOf(ctx: Context, { replayWindowSeconds }: WebhookTrigger): string {
  const names = [
    'idempotency-key',
    'x-github-delivery',
    ...(replayWindowSeconds === undefined ? [] : ['x-hub-signature-256']),
  ];
  return (names.map((name) => ctx.get(name)).find((value) => value !== '') ?? '').slice(0, 255);
}

const SECRET_HEADERS = /^(authorization|cookie|x-webhook-token|x-hub-signature.*|proxy-.*)$/;

/** What a mapping may ask: `input.headers['x-github-event']`; nothing that proves who the sender is. */
function headersOf({ headers }: Context): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      SECRET_HEADERS.test(name) || typeof value !== 'string' ? [] : [[name, value]],
    ),
  );
}
