import type { DefinitionNode, WorkflowDefinition } from './definition.ts';
import type { CompiledExpression } from './expressions.ts';
import type { CompiledTemplate } from './templates.ts';

/** One node, with everything compiled that a worker evaluates. Nodes are addressed by their index in the definition. */
export interface PlanNode {
  readonly index: number;
  readonly id: string;
  readonly node: DefinitionNode;
  readonly dependencies: readonly number[];
  /** The job group this node belongs to: the index of the group's first node. */
  readonly group: number;
  /** Nodes whose outputs its templates and expressions read. */
  readonly needs: readonly number[];
  /** Its templates read `input` or `run`. */
  readonly needsRun: boolean;
  /** A worker has something to decide before it claims: a condition, a wait, an approval, a map. */
  readonly decides: boolean;
  readonly input?: CompiledTemplate;
  readonly when?: CompiledExpression;
  readonly forEach?: CompiledExpression;
  readonly transform?: CompiledExpression;
}

/** Nodes that one job runs: a single node, or transforms fused together (flows/fuse.ts). */
export interface PlanGroup {
  readonly group: number;
  /** Dependencies first. */
  readonly nodes: readonly number[];
  /** Indices of the groups that must have settled before. */
  readonly dependencies: readonly number[];
  /** A finally node beside others that are none: it waits for all of them. */
  readonly waitsForAll: boolean;
  readonly queue: string;
  /** Of an agent. */
  readonly pool?: string;
  readonly priority?: number;
  /** Outputs that its claim has to bring along. */
  readonly needs: readonly number[];
  readonly needsRun: boolean;
}

/** A workflow version as the engine runs it: pure data and compiled expressions, made once per version and process. */
export interface Plan {
  readonly definition: WorkflowDefinition;
  readonly nodes: readonly PlanNode[];
  readonly groups: ReadonlyMap<number, PlanGroup>;
  readonly edges: readonly { readonly from: number; readonly to: number }[];
  readonly sinks: ReadonlySet<number>;
  readonly tree: JobTree;
  readonly output?: CompiledTemplate;
}

/**
 * The tree of jobs that stands for the graph. A BullMQ job has one parent and runs when its children have: so each
 * group's job is the child of one of its dependents, and a group whose dependencies are not all its children gets one
 * extra child, its gate, that the worker removes when Postgres counts its last open dependency off. A finally node always
 * has one: what it waits for are all the others.
 */
export interface JobTree {
  /** The job at the top: a group where one alone is at the end, else the run's `finalize` job. */
  readonly root: number | 'finalize';
  /** Groups without a parent are children of the root. */
  readonly parentOf: ReadonlyMap<number, number>;
  readonly gated: ReadonlySet<number>;
}
