import type { JsonObject } from '../contracts/json.ts';
import type { DefinitionSource, Edge } from './definition-schema.ts';
import type { Approval, NodeKind, NodeSource } from './node-schema.ts';

type CommonFields = Omit<NodeSource, NodeKind | 'kind' | 'input' | 'dependsOn' | 'approval'> & {
  readonly approval?: Approval;
};

export type AgentNode = CommonFields & { readonly kind: 'agent'; readonly agent: string; readonly input: JsonObject };
export type WorkflowNode = CommonFields & {
  readonly kind: 'workflow';
  readonly workflow: string;
  readonly input: JsonObject;
};
export type TransformNode = CommonFields & { readonly kind: 'transform'; readonly transform: string };
export type WaitNode = CommonFields & {
  readonly kind: 'wait';
  readonly wait: { seconds: number | string } | { until: string };
};
export type SignalNode = CommonFields & { readonly kind: 'signal'; readonly signal: { name: string } };
export type AwaitResolvedNode = CommonFields & {
  readonly kind: 'awaitResolved';
  readonly awaitResolved: { timeoutSeconds: number };
};

/** One step of a workflow; `kind` says which. */
export type DefinitionNode = AgentNode | WorkflowNode | TransformNode | WaitNode | SignalNode | AwaitResolvedNode;

/**
 * A workflow that passed `parseDefinition`: defaults filled in, `dependsOn` turned into edges, an acyclic graph whose
 * edges name existing nodes. Deeply frozen, and itself valid input of `parseDefinition`, which returns an equal one.
 */
export type WorkflowDefinition = Readonly<Omit<DefinitionSource, 'nodes' | 'edges' | 'output'>> & {
  readonly nodes: readonly DefinitionNode[];
  readonly edges: readonly Edge[];
  readonly output?: JsonObject;
};
