import { z } from 'zod';
import { time, uuid } from '../identifiers.ts';

export const BLOCKING_REASONS = [
  'settled',
  'running',
  'cancelling',
  'dependency',
  'concurrency',
  'limit',
  'no_worker',
  'paused',
  'backoff',
  'approval',
  'timer',
  'signal',
  'sub_workflow',
  'items',
  'resolved',
  'lock',
  'queue',
  'redis_away',
] as const;

export const blockingSchema = z
  .strictObject({
    reason: z.enum(BLOCKING_REASONS),
    message: z.string(),
    since: time.optional(),
    until: time.optional(),
    nodeId: z.string().optional().describe('The dependency that has not ended, or the node that holds the lock'),
    runId: uuid.optional().describe('The run that holds the place or the lock, or the sub-workflow’s'),
    approvalId: uuid.optional(),
    workerId: z.string().optional(),
    pool: z.string().optional(),
    key: z.string().optional().describe('Of the concurrency limit, the limit, the lock or the signal'),
  })
  .meta({ id: 'BlockingReason' });

export type BlockingReason = z.output<typeof blockingSchema>;
