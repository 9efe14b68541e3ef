import type { components } from '../clients/typescript/api.generated.ts';

type Schemas = components['schemas'];

/** The shapes of the API, by the names that the pages use. */
export type Workflow = Schemas['Workflow'];
export type Definition = Schemas['WorkflowDefinition'];
export type DefinitionNode = Definition['nodes'][number];
export type WorkflowVersion = Schemas['WorkflowVersion'];
export type RunSummary = Schemas['WorkflowRunSummary'];
export type Run = Schemas['WorkflowRun'];
export type AgentRun = Schemas['AgentRun'];
export type Attempt = Schemas['Attempt'];
export type LogLine = Schemas['LogLine'];
export type BlockingReason = Schemas['BlockingReason'];
export type CancelReceipt = Schemas['CancelReceipt'];
export type Approval = Schemas['Approval'];
export type Agent = Schemas['Agent'];
export type Webhook = Schemas['Webhook'];
export type AlertResult = Schemas['AlertResult'];
export type Worker = Schemas['Worker'];
export type Queue = Schemas['Queue'];
export type OpenNode = Schemas['OpenNode'];
export type DoctorRepair = Schemas['DoctorRepair'];
export type TriggerState = Schemas['Trigger'];
export type TriggerDecision = Schemas['TriggerDecision'];
export type AgentStatistics = Schemas['AgentStatistics'];
export type Overview = Schemas['Overview'];
export type Token = Schemas['Token'];
export type FreshToken = Schemas['FreshToken'];
export type ProjectLimits = Schemas['ProjectLimits'];
export type Session = Schemas['Session'];
export type Problem = Schemas['Problem'];

export interface Edge {
  readonly from: string;
  readonly to: string;
}

/** A page of a list. */
export interface Page<T> {
  readonly rows: readonly T[];
  /** For the next page; undefined on the last one. */
  readonly cursor: string | undefined;
}
