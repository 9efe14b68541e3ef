import type { JsonObject } from './json.ts';

/** Every change of state, by its name in subjects and rows. */
export const EVENT_TYPES = [
  'run.created',
  'run.started',
  'run.waiting_approval',
  'run.paused',
  'run.resumed',
  'run.succeeded',
  'run.failed',
  'run.cancelled',
  'node.started',
  'node.retrying',
  'node.succeeded',
  'node.failed',
  'node.skipped',
  'node.cancelled',
  'approval.requested',
  'approval.decided',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** The events after which nothing follows in a run. */
export const TERMINAL_EVENTS: ReadonlySet<string> = new Set<EventType>([
  'run.succeeded',
  'run.failed',
  'run.cancelled',
]);

export interface RunEvent {
  readonly runId: string;
  /** Counts from 1 within the run, without a gap. */
  readonly sequence: number;
  readonly type: string;
  readonly data: JsonObject;
  readonly createdAt: Date;
  readonly workflowName: string;
  readonly workflowId: string;
}

/** The event as CloudEvents 1.0 JSON: what NATS, SSE and webhooks carry. */
export function toCloudEvent({ runId, sequence, type, data, createdAt, workflowName, workflowId }: RunEvent) {
  return {
    specversion: '1.0',
    id: `${runId}:${sequence}`,
    source: `/workflows/${workflowName}`,
    type,
    subject: runId,
    time: createdAt.toISOString(),
    sequence,
    datacontenttype: 'application/json',
    data: { ...data, runId, workflowId, workflowName },
  };
}
