import { z } from 'zod';
import { time, uuid } from '../identifiers.ts';
import { unreadableField } from '../unreadable.ts';

export const triggerSchema = z
  .strictObject({
    id: z.string().describe('`<workflowId>.<type>.<n>`'),
    workflowId: uuid,
    workflowName: z.string(),
    type: z
      .enum(['schedule', 'alertmanager', 'grafana', 'nats', 'webhook', 'workflow', 'onFailure', 'unclaimed'])
      .describe(
        'As in the definition; `onFailure` is a workflow’s own, `unclaimed` gets the alerts that nobody asks for',
      ),
    active: z.boolean().describe('Enabled, of an active workflow that is not paused'),
    settings: z.record(z.string(), z.unknown()),
    nextTimes: z.array(time).describe('The next ten times of a schedule, without jitter'),
    lastDecision: z
      .strictObject({ at: time, outcome: z.string(), message: z.string().nullable(), workflowRunId: uuid.nullable() })
      .nullable(),
  })
  .meta({ id: 'Trigger' });
export type TriggerWire = z.output<typeof triggerSchema>;

export const decisionSchema = z
  .strictObject({
    id: uuid,
    at: time,
    triggerId: z.string(),
    workflowId: uuid,
    workflowName: z.string(),
    triggerType: z.string(),
    outcome: z
      .string()
      .describe('`started`, or why not: `duplicate`, `cooldown`, `maintenance`, `overlap`, `missed`, `dead_letter`, …'),
    message: z.string().nullable(),
    workflowRunId: uuid.nullable(),
    until: time.nullable(),
    subject: z.unknown().describe('What came'),
    webhookId: uuid.nullable(),
    ...unreadableField,
  })
  .meta({ id: 'TriggerDecision' });

export const alertSchema = z
  .strictObject({
    id: uuid,
    fingerprint: z.string(),
    source: z.string(),
    status: z.enum(['firing', 'resolved']),
    labels: z.record(z.string(), z.string()),
    annotations: z.record(z.string(), z.string()),
    startsAt: time,
    endsAt: time.nullable(),
    generatorURL: z.string().nullable(),
    receiver: z.string().nullable(),
    firstReceivedAt: time,
    lastReceivedAt: time,
    received: z.int().describe('How often it was sent'),
    resolvedAt: time.nullable(),
    resolvedBy: z.string().nullable().describe('`webhook`, or `alertmanager` where it was asked'),
    ...unreadableField,
    flapping: z.boolean().describe('It began five times or more within the last hour'),
  })
  .meta({ id: 'Alert' });

export const lockSchema = z
  .strictObject({
    key: z.string(),
    mode: z.enum(['shared', 'exclusive']),
    workflowRunId: uuid,
    workflowId: uuid,
    workflowName: z.string(),
    nodeId: z.string(),
    agentRunId: uuid,
    workerId: z.string(),
    acquiredAt: time,
  })
  .meta({ id: 'TargetLock' });

export const backfillSchema = z
  .strictObject({
    dueAt: time,
    workflowRunId: uuid.nullable(),
    outcome: z.enum(['started', 'duplicate', 'planned', 'declined']),
    message: z.string().optional(),
  })
  .meta({ id: 'BackfilledTime' });

export const backtestSchema = z
  .strictObject({
    webhooks: z.int(),
    alerts: z.int(),
    wouldStart: z.int(),
    overlapping: z.int().describe('Starts while the run before would still have been going'),
    grouped: z.int().describe('Alerts that would have waited in a group for others of their kind'),
    declined: z.record(z.string(), z.int()).describe('Alerts that it asks for and would not have started, by reason'),
    runSeconds: z.number().describe('How long a run was taken to last'),
    starts: z.array(
      z.strictObject({
        at: time,
        webhookId: uuid.describe('It brought the alert, or the first of its group'),
        fingerprint: z.string(),
        status: z.string(),
        labels: z.record(z.string(), z.string()).describe('Of the alert, or those that its group shares'),
        alerts: z.int().describe('1, or how many the group had'),
        overlaps: z.boolean(),
      }),
    ),
  })
  .meta({ id: 'Backtest' });

export const alertStatisticsSchema = z
  .strictObject({
    runs: z.int(),
    ended: z.int(),
    fixed: z.int().describe('The run succeeded, and its alert was resolved after it had begun to act'),
    fixRate: z.number().nullable(),
    resolvedBeforeActed: z.int(),
    medianSecondsToResolve: z.number().nullable(),
  })
  .meta({ id: 'AlertStatistics' });
