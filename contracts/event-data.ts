import { z } from 'zod';
import { EVENT_TYPES, type EventType } from './events.ts';
import { NODE_STATUSES, RUN_STATUSES } from './statuses.ts';

const uuid = z.uuid();
const time = z.iso.datetime({ offset: true });
const runStatus = z.enum(RUN_STATUSES);
const nodeStatus = z.enum(NODE_STATUSES);
const error = z.strictObject({
  code: z.string().describe('Of the catalogue in docs/ERRORS.md'),
  message: z.string(),
});
const runError = error.extend({ nodeId: z.string().optional().describe('The node that failed first') });

/** What every node's event says of its node. */
const node = {
  nodeId: z.string(),
  agentRunId: uuid,
  itemIndex: z.int().optional().describe('Of an instance of a `forEach` node'),
  status: nodeStatus,
};
const attempt = z.int().describe('0 before the first attempt');
const settled = z.strictObject({ ...node, attempt, error: error.optional() });
const approval = { nodeId: z.string(), agentRunId: uuid, status: nodeStatus, approvalId: uuid };
const changed = z.strictObject({ status: runStatus, by: z.string().optional(), reason: z.string().optional() });
const ended = z.strictObject({ status: runStatus, error: runError.optional() });

/** The data of each event as it stands in `"Event"`; a field without a value is left out. */
export const EVENT_DATA = {
  'run.created': z.strictObject({
    status: runStatus,
    workflowVersion: z.int(),
    trigger: z.string().describe('What started it: `api`, `schedule`, `alertmanager`, …'),
    retryOf: uuid.optional(),
    parentRunId: uuid.optional(),
  }),
  'run.started': changed,
  'run.waiting_approval': changed,
  'run.paused': changed,
  'run.resumed': changed,
  'run.succeeded': ended,
  'run.failed': ended,
  'run.cancelled': ended,
  'node.started': settled.extend({ waitingFor: z.string().optional(), childRunId: uuid.optional() }),
  'node.retrying': settled.extend({ retryAt: time }),
  'node.succeeded': settled,
  'node.failed': settled,
  'node.skipped': settled,
  'node.cancelled': settled,
  'approval.requested': z.strictObject({ ...approval, expiresAt: time.optional() }),
  'approval.decided': z.strictObject({
    ...approval,
    decision: z.enum(['APPROVED', 'REJECTED', 'EXPIRED']),
    respondedBy: z.string().optional(),
  }),
} as const satisfies Record<EventType, z.ZodObject>;

/** What `toCloudEvent` adds to the data, for readers who see no address beside it. */
const OWNER = { runId: uuid, workflowId: uuid, workflowName: z.string() };

/** The message of one type as NATS carries it: CloudEvents 1.0 in JSON. */
export function cloudEventSchema(type: EventType) {
  return z.strictObject({
    specversion: z.literal('1.0'),
    id: z.string().describe('`<runId>:<sequence>`, also the `Nats-Msg-Id`'),
    source: z.string().describe('`/workflows/<name>`'),
    type: z.literal(type),
    subject: uuid.describe('The id of the run'),
    time,
    sequence: z.int().min(1).describe('Counts from 1 within the run, without a gap'),
    datacontenttype: z.literal('application/json'),
    data: EVENT_DATA[type].extend(OWNER),
  });
}

/** What the stream `GET …/runs/:runId/events` carries as `data:`. */
export const streamedEventSchema = z
  .strictObject({
    runId: uuid,
    sequence: z.int().min(1),
    type: z.enum(EVENT_TYPES),
    time,
    data: z.record(z.string(), z.unknown()).describe('As the `data` of the CloudEvent of this type'),
  })
  .describe('One event of a run');
