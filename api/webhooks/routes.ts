import { z } from 'zod';
import { listWebhooks as findWebhooks } from '../../sql/queries/webhooks.ts';
import { time, uuid } from '../identifiers.ts';
import { LIST_HEADERS, listAnswer, pageQuery } from '../paging.ts';
import { defineRoute, type Answer, type Call } from '../route.ts';
import { unreadableField } from '../unreadable.ts';
import type { AlertSource } from './alert-workflows.ts';
import { receiveAlerts } from './receive-alerts.ts';
import { alertReceiptSchema, alertResultSchema } from './schema.ts';

const tag = 'Webhooks';
const RESPONSES = {
  202: { description: 'Stored: what became of each alert', schema: alertReceiptSchema },
  400: { description: 'Not such a body, or no alert in it can be read' },
  503: { description: 'It could not be stored: send it again' },
};

export const receiveAlertmanager = defineRoute({
  id: 'receiveAlertmanagerWebhook',
  method: 'POST',
  path: '/api/webhooks/alertmanager',
  scope: 'webhook',
  tag,
  summary: 'AlertManager’s webhook',
  description:
    'Version 4 of its body, or the bare `{"alerts": [{"labels": {…}}]}`. Each alert starts the workflows whose matchers ask for it, each once ' +
    'per (fingerprint, startsAt, status); one that nobody asks for starts the built-in `alert-notification`. Never limited in rate: ' +
    'AlertManager gives up on 429.',
  body: z.unknown(),
  bodyMode: 'lenient',
  rateLimited: false,
  responses: RESPONSES,
  handle: (call) => receive(call, 'alertmanager'),
});

export const receiveGrafana = defineRoute({
  id: 'receiveGrafanaWebhook',
  method: 'POST',
  path: '/api/webhooks/grafana',
  scope: 'webhook',
  tag,
  summary: 'Grafana unified alerting’s webhook',
  body: z.unknown(),
  bodyMode: 'lenient',
  rateLimited: false,
  responses: RESPONSES,
  handle: (call) => receive(call, 'grafana'),
});

async function receive({ body, rawBody, principal, api }: Call, source: AlertSource): Promise<Answer> {
  return { status: 202, body: await receiveAlerts(api, { source, json: body, rawBody, sender: principal.name }) };
}

const webhookSchema = z
  .strictObject({
    id: uuid,
    kind: z.enum(['alertmanager', 'grafana', 'workflow']),
    sender: z.string().nullable(),
    receivedAt: time,
    handledAt: time
      .nullable()
      .describe('Null when it could not be handled to the end: its sender was told to send it again'),
    alerts: z.array(z.union([alertResultSchema, z.unknown()])),
    body: z.string().describe('As it was sent'),
    ...unreadableField,
  })
  .meta({ id: 'Webhook' });

export const listWebhooks = defineRoute({
  id: 'listWebhooks',
  method: 'GET',
  path: '/api/webhooks',
  scope: 'viewer',
  tag,
  summary: 'The webhooks that came, and what became of them',
  query: z.strictObject({ ...pageQuery, kind: z.enum(['alertmanager', 'grafana', 'workflow']).optional() }),
  responses: { 200: { description: 'Webhooks, newest first', schema: z.array(webhookSchema), headers: LIST_HEADERS } },
  async handle({ query: { limit, cursor, kind }, api, ctx }) {
    const rows = await findWebhooks(api.db, kind, { limit, cursor });
    const body = rows.map(({ cursor: _, receivedAt, handledAt, ...row }) => ({
      ...row,
      receivedAt: receivedAt.toISOString(),
      handledAt: handledAt?.toISOString() ?? null,
    }));
    return listAnswer(ctx, rows, { limit, body });
  },
});
