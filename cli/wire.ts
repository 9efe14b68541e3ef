import type { z } from 'zod';
import type { backtestSchema, decisionSchema, triggerSchema } from '../api/triggers/schema.ts';
import type { workflowSchema } from '../api/workflows/schema.ts';
import type { workerSchema } from '../api/workers/routes.ts';

/** What the service answers, as far as the CLI reads it. */
export type { AgentWire } from '../api/agents/schema.ts';
export type { BlockingReason } from '../api/runs/blocking-schema.ts';
export type { AgentRunWire, RunSummaryWire, RunWire } from '../api/runs/schema.ts';

export type WorkflowWire = z.output<typeof workflowSchema>;
export type WorkerWire = z.output<typeof workerSchema>;
export type TriggerWire = z.output<typeof triggerSchema>;
export type DecisionWire = z.output<typeof decisionSchema>;
export type BacktestWire = z.output<typeof backtestSchema>;

export interface AcceptedRun {
  readonly workflowRunId: string;
  readonly workflowId: string;
  readonly workflowName: string;
  readonly status: string;
  readonly retryOf?: string;
}

export interface LogLineWire {
  readonly attempt: number;
  readonly line: number;
  readonly at: string;
  readonly text: string;
}

/** The data of one event of a run's stream. */
export interface RunEventWire {
  readonly runId: string;
  readonly sequence: number;
  readonly type: string;
  readonly time: string;
  readonly data: Readonly<Record<string, unknown>>;
}
