import { z } from 'zod';
import { cloudEventSchema, streamedEventSchema } from '../../contracts/event-data.ts';
import { EVENT_TYPES } from '../../contracts/events.ts';
import { alertReceiptSchema } from '../webhooks/schema.ts';
import { API_VERSION } from './version.ts';

type JsonSchema = Record<string, unknown>;

const RUN_EVENTS = 'runEvents';
const RUN_STREAM = 'runStream';
const ALERTS = 'alertWebhooks';
const WORKFLOW_WEBHOOK = 'workflowWebhook';
const NATS_TRIGGER = 'natsTrigger';

/**
 * The AsyncAPI 3.0 document of what leaves the service by itself (events over NATS and as streams) and of what comes in
 * unasked (webhooks, messages that start runs), made from the schemas in contracts/.
 */
export function asyncApiDocument(): JsonSchema {
  const schemas: JsonSchema = {};
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'commandcenter: events and webhooks',
      version: API_VERSION,
      description:
        'Every change of state of a run is one CloudEvents 1.0 message on NATS JetStream, stream COMMANDCENTER, in the order of its ' +
        '`sequence`; a message sent twice has the same `Nats-Msg-Id`. Requests and answers are in /openapi.json.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    servers: {
      nats: { host: '127.0.0.1:4222', protocol: 'nats', description: 'NATS_URL' },
      http: { host: '127.0.0.1:9002', protocol: 'http', description: 'The API' },
    },
    channels: channels(),
    operations: operations(),
    components: { messages: messages(schemas), schemas },
  };
}

function channels(): JsonSchema {
  const http = [{ $ref: '#/servers/http' }];
  const nats = [{ $ref: '#/servers/nats' }];
  return {
    [RUN_EVENTS]: {
      address: 'commandcenter.runs.{workflowName}.{runId}.{type}',
      description: 'JetStream, stream COMMANDCENTER; `commandcenter.runs.nightly.>` is all of one workflow.',
      servers: nats,
      parameters: {
        workflowName: { description: 'Name of the workflow' },
        runId: { description: 'Id of the run' },
        type: { description: 'Type of the event', enum: [...EVENT_TYPES] },
      },
      messages: references(EVENT_TYPES),
    },
    [RUN_STREAM]: {
      address: '/api/workflows/{id}/runs/{runId}/events',
      description:
        'Server-sent events: `id` is the sequence, `event` the type. `Last-Event-ID` goes on behind that one.',
      servers: http,
      parameters: { id: { description: 'Name or id of the workflow' }, runId: { description: 'Id of the run' } },
      messages: references(['streamedEvent']),
    },
    [ALERTS]: {
      address: '/api/webhooks/{sender}',
      description: 'POST. Answered once every run is stored; 503 asks the sender to send it again.',
      servers: http,
      parameters: { sender: { description: 'Who sends', enum: ['alertmanager', 'grafana'] } },
      messages: references(['alertNotification', 'alertReceipt']),
    },
    [WORKFLOW_WEBHOOK]: {
      address: '/api/webhooks/workflows/{id}',
      description: 'POST, of a workflow with a `webhook` trigger.',
      servers: http,
      parameters: { id: { description: 'Name or id of the workflow' } },
      messages: references(['anyJson']),
    },
    [NATS_TRIGGER]: {
      address: '{subject}',
      description: 'What a `nats` trigger names. A message with a `Nats-Msg-Id` that was seen before starts nothing.',
      servers: nats,
      parameters: { subject: { description: 'Subject of the trigger' } },
      messages: references(['anyJson']),
    },
  };
}

function operations(): JsonSchema {
  return {
    publishRunEvents: operation('send', RUN_EVENTS, EVENT_TYPES, 'Tells of each change of state'),
    streamRunEvents: operation('send', RUN_STREAM, ['streamedEvent'], 'Streams the events of one run'),
    receiveAlerts: {
      ...operation('receive', ALERTS, ['alertNotification'], 'Starts the workflows whose matchers ask for the alerts'),
      reply: { channel: { $ref: `#/channels/${ALERTS}` }, messages: [inChannel(ALERTS, 'alertReceipt')] },
    },
    receiveWorkflowWebhook: operation('receive', WORKFLOW_WEBHOOK, ['anyJson'], 'Starts one workflow'),
    receiveNatsMessage: operation('receive', NATS_TRIGGER, ['anyJson'], 'Starts the workflows that name the subject'),
  };
}

function operation(action: 'send' | 'receive', channel: string, names: readonly string[], summary: string): JsonSchema {
  return {
    action,
    summary,
    channel: { $ref: `#/channels/${channel}` },
    messages: names.map((name) => inChannel(channel, name)),
  };
}

function inChannel(channel: string, message: string): JsonSchema {
  return { $ref: `#/channels/${channel}/messages/${message}` };
}

function references(names: readonly string[]): JsonSchema {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/messages/${name}` }]));
}

/** @param schemas gets the schemas that messages refer to */
function messages(schemas: JsonSchema): JsonSchema {
  const message = (title: string, schema: z.ZodType): JsonSchema => ({
    title,
    contentType: 'application/json',
    payload: payloadOf(schema, schemas),
  });
  return {
    ...Object.fromEntries(
      EVENT_TYPES.map((type) => [
        type,
        { ...message(`CloudEvent ${type}`, cloudEventSchema(type)), headers: MESSAGE_ID },
      ]),
    ),
    streamedEvent: message('One event of a run', streamedEventSchema),
    alertNotification: message('AlertManager’s webhook body, version 4, or the bare list', alertNotification),
    alertReceipt: message('What became of each alert', alertReceiptSchema),
    anyJson: message('Any JSON: becomes the input of the run, through the trigger’s mapping', z.unknown()),
  };
}

/** Lenient as the receiver is: what it does not know is kept and ignored. */
const alertNotification = z.looseObject({
  version: z.literal('4').optional(),
  groupKey: z.string().optional(),
  receiver: z.string().optional(),
  truncatedAlerts: z.int().optional(),
  alerts: z.array(
    z.looseObject({
      status: z.enum(['firing', 'resolved']).optional().describe('Missing: firing'),
      labels: z.record(z.string(), z.string()),
      annotations: z.record(z.string(), z.string()).optional(),
      startsAt: z.iso.datetime({ offset: true }).optional().describe('Missing: the time of receipt'),
      endsAt: z.iso.datetime({ offset: true }).optional(),
      generatorURL: z.string().optional(),
      fingerprint: z.string().optional().describe('Missing: computed from the labels'),
    }),
  ),
});

const MESSAGE_ID = {
  type: 'object',
  properties: { 'Nats-Msg-Id': { type: 'string', description: '`<runId>:<sequence>`' } },
};

function payloadOf(schema: z.ZodType, schemas: JsonSchema): JsonSchema {
  const made = z.toJSONSchema(schema, { target: 'draft-7', unrepresentable: 'any' });
  const text = JSON.stringify(made).replaceAll('"#/definitions/', '"#/components/schemas/');
  const { $schema: _, definitions = {}, ...payload } = JSON.parse(text) as JsonSchema;
  Object.assign(schemas, definitions);
  return payload;
}
