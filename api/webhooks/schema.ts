import { z } from 'zod';
import { time, uuid } from '../identifiers.ts';

export const OUTCOMES = [
  'started',
  'duplicate',
  'cooldown',
  'maintenance',
  'status',
  'disabled',
  'grouped',
  'declined',
  'rejected',
] as const;

const decision = z.strictObject({
  workflowId: uuid,
  workflowName: z.string(),
  triggerId: z.string().describe('As `GET /api/triggers` names it'),
  outcome: z.enum(OUTCOMES),
  workflowRunId: uuid.optional().describe('The run that was started, or the one that the alert had started before'),
  message: z.string().optional(),
  until: time.optional(),
});
export type DecisionWire = z.output<typeof decision>;

/** What became of one alert of a webhook. */
export const alertResultSchema = z
  .strictObject({
    index: z.int().describe('Its place in the list that was sent'),
    fingerprint: z.string().optional(),
    status: z.enum(['firing', 'resolved']).optional(),
    startsAt: time.optional(),
    labels: z.record(z.string(), z.string()).optional(),
    decisions: z.array(decision),
    errors: z
      .array(z.strictObject({ path: z.string(), message: z.string() }))
      .optional()
      .describe('What was wrong with it'),
  })
  .meta({ id: 'AlertResult' });
export type AlertResult = z.output<typeof alertResultSchema>;

export const alertReceiptSchema = z
  .strictObject({
    webhookId: uuid,
    received: z.int(),
    started: z.int(),
    workflowRunIds: z.array(uuid),
    truncatedAlerts: z.int().describe('How many alerts the sender left out of this message'),
    alerts: z.array(alertResultSchema),
  })
  .meta({ id: 'AlertReceipt' });
export type AlertReceipt = z.output<typeof alertReceiptSchema>;
