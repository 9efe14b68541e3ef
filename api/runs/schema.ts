import { z } from 'zod';
import { NODE_STATUSES, RUN_STATUSES, type RunStatus } from '../../contracts/statuses.ts';
import { idOrName, time, timeParameter, uuid } from '../identifiers.ts';
import { integerParameter, pageQuery } from '../paging.ts';
import { unreadableField } from '../unreadable.ts';

const json = z.unknown();
const milliseconds = z.number().nullable();
const nodeError = z.strictObject({ code: z.string(), message: z.string() }).nullable();

export const attemptSchema = z
  .strictObject({
    attempt: z.int(),
    status: z.enum(NODE_STATUSES),
    error: nodeError,
    exitCode: z.int().nullable(),
    workerId: z.string().nullable(),
    startedAt: time.nullable(),
    finishedAt: time.nullable(),
    durationMs: milliseconds,
    retryAt: time.nullable(),
  })
  .meta({ id: 'Attempt' });

export const agentRunSchema = z
  .strictObject({
    id: uuid,
    nodeId: z.string(),
    itemIndex: z.int().nullable().describe('Which instance of a forEach node; null for the node itself'),
    kind: z.enum(['agent', 'workflow', 'transform', 'wait', 'signal', 'awaitResolved']),
    agent: z
      .strictObject({
        id: uuid.nullable(),
        name: z.string(),
        version: z.string().nullable(),
        riskLevel: z.string().nullable(),
      })
      .nullable(),
    status: z.enum(NODE_STATUSES),
    attempt: z.int(),
    input: json,
    output: json,
    item: json,
    error: nodeError,
    exitCode: z.int().nullable(),
    workerId: z.string().nullable(),
    waitingFor: z.string().nullable(),
    waitingUntil: time.nullable(),
    waitingLock: z
      .strictObject({
        key: z.string(),
        mode: z.enum(['shared', 'exclusive']),
        since: time,
        heldBy: z
          .strictObject({ workflowRunId: uuid, workflowName: z.string(), nodeId: z.string(), since: time })
          .nullable()
          .describe('Who has held it longest; null when it has just been given back'),
      })
      .nullable()
      .describe('The lock on a target that it waits for'),
    progress: json,
    approval: json,
    childRunId: uuid.nullable(),
    copiedFromRunId: uuid.nullable().describe('The run whose result was taken over, by a retry or from the cache'),
    readyAt: time.nullable(),
    createdAt: time,
    startedAt: time.nullable(),
    finishedAt: time.nullable(),
    durationMs: milliseconds,
    attempts: z.array(attemptSchema),
  })
  .meta({ id: 'AgentRun' });
export type AgentRunWire = z.output<typeof agentRunSchema>;

const runFields = {
  id: uuid,
  workflowId: uuid,
  workflowName: z.string(),
  workflowVersion: z.int(),
  projectId: z.string(),
  status: z.enum(RUN_STATUSES),
  trigger: z.looseObject({ type: z.string() }),
  input: json,
  output: json,
  error: z.strictObject({ code: z.string(), message: z.string(), nodeId: z.string().nullable() }).nullable(),
  labels: z.record(z.string(), z.unknown()),
  createdAt: time,
  startedAt: time.nullable(),
  finishedAt: time.nullable(),
  updatedAt: time,
  durationMs: milliseconds,
  deadlineAt: time.nullable(),
  retryOf: uuid.nullable(),
  parentRunId: uuid.nullable(),
  cancelRequestedAt: time.nullable(),
  cancelRequestedBy: z.string().nullable(),
  pausedAt: time.nullable(),
  pausedBy: z.string().nullable(),
  ...unreadableField,
};

/** A run in a list: without its nodes. */
export const runSummarySchema = z.strictObject(runFields).meta({ id: 'WorkflowRunSummary' });
export const runSchema = z
  .strictObject({
    ...runFields,
    traceId: z.string().nullable().describe('Of the trace that the run is part of, where one is recorded'),
    traceUrl: z.string().nullable().describe('Where to look at it, when TRACE_URL is set'),
    agentRuns: z.array(agentRunSchema),
  })
  .meta({ id: 'WorkflowRun' });
export type RunSummaryWire = z.output<typeof runSummarySchema>;
export type RunWire = z.output<typeof runSchema>;

export const runParams = z.strictObject({ id: idOrName, runId: uuid });
export const nodeParams = z.strictObject({ id: idOrName, runId: uuid, agentRunId: uuid });

const statuses = z
  .string()
  .transform((text) => text.split(','))
  .pipe(z.array(z.enum(RUN_STATUSES, { error: `Must be among ${RUN_STATUSES.join(', ')}` })))
  .transform((list): RunStatus[] => list)
  .meta({ type: 'string', description: 'One status, or several with commas between' });

const label = z
  .string()
  .min(1)
  .max(400)
  .regex(/^[A-Za-z_][A-Za-z0-9_./-]{0,62}(?:=.*)?$/s, 'Must be name or name=value');

export const runListQuery = {
  ...pageQuery,
  status: statuses.optional(),
  trigger: z.enum(['api', 'schedule', 'alertmanager', 'grafana', 'nats', 'webhook', 'workflow', 'retry']).optional(),
  label: z
    .union([label.transform((one) => [one]), z.array(label).max(20)])
    .optional()
    .meta({ type: 'string', description: '`name=value` or `name`; may be given several times, all must hold' }),
  from: timeParameter.optional().describe('Created at or after'),
  to: timeParameter.optional().describe('Created before'),
  q: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe(
      'The beginning of the id, or part of the workflow’s name, a label or the error (these two in the newest 10,000 runs that have any)',
    ),
};

export const waitQuery = z.strictObject({
  wait: integerParameter(0, 60).optional().describe('Seconds to wait for the end of the run'),
});

export const acceptedRun = z
  .strictObject({
    workflowRunId: uuid,
    workflowId: uuid,
    workflowName: z.string(),
    status: z.enum(RUN_STATUSES),
    retryOf: uuid.optional(),
  })
  .meta({ id: 'AcceptedRun' });
