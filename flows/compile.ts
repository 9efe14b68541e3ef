import type { JsonObject } from '../contracts/json.ts';
import type { DefinitionNode, WorkflowDefinition } from './definition.ts';
import { compileExpression, type CompiledExpression } from './expressions.ts';
import { groupNodes } from './fuse.ts';
import { buildGraph } from './graph.ts';
import { plantTree, type JobTree } from './job-tree.ts';
import { compileTemplate, type CompiledTemplate } from './templates.ts';

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

/** The queue of everything that runs without a process: transforms, waits, sub-workflows. */
export const STEPS_QUEUE = 'steps';

/** The queue of a worker pool's agents. */
export function agentsQueue(pool?: string): string {
  return pool === undefined || pool === 'default' ? 'agents' : `agents-${pool}`;
}

/**
 * Compiles a definition: pure and total for what `parseDefinition` accepted.
 * @param poolOf the pool that an agent's manifest asks for; a node's own `pool` goes before it
 * @throws AppError EXPRESSION_ERROR or TEMPLATE_ERROR for expressions that `validateDefinition` would have refused
 */
export function compilePlan(
  definition: WorkflowDefinition,
  poolOf: (agent: string) => string | undefined = () => undefined,
): Plan {
  const graph = buildGraph(
    definition.nodes.map(({ id }) => id),
    definition.edges,
  );
  const indexOf = new Map(definition.nodes.map(({ id }, index) => [id, index]));
  const toIndex = (id: string) => indexOf.get(id) ?? -1;
  const groupOf = groupNodes(definition.nodes, graph, toIndex);
  const nodeIds = definition.nodes.map(({ id }) => id);
  const nodes = definition.nodes.map((node, index) =>
    compileNode(
      node,
      index,
      (graph.dependencies.get(node.id) ?? []).map(toIndex),
      groupOf[index] ?? index,
      nodeIds,
      toIndex,
    ),
  );
  const groups = compileGroups(
    graph.order.map((id) => nodes[toIndex(id)] as PlanNode),
    poolOf,
  );
  return {
    definition,
    nodes,
    groups,
    edges: definition.edges.map(({ from, to }) => ({ from: toIndex(from), to: toIndex(to) })),
    sinks: new Set(graph.sinks.map(toIndex)),
    tree: plantTree(groups),
    ...(definition.output && { output: compileTemplate(definition.output, { nodeIds }) }),
  };
}

function compileNode(
  node: DefinitionNode,
  index: number,
  dependencies: readonly number[],
  group: number,
  nodeIds: readonly string[],
  toIndex: (id: string) => number,
): PlanNode {
  const template = templateOf(node);
  const parts = {
    ...(template && { input: compileTemplate(template, { nodeIds }) }),
    ...(node.when !== undefined && { when: compileExpression(node.when, { nodeIds }) }),
    ...(node.forEach !== undefined && { forEach: compileExpression(node.forEach, { nodeIds }) }),
    ...(node.kind === 'transform' && { transform: compileExpression(node.transform, { nodeIds }) }),
  };
  const compiled = Object.values(parts);
  const references = new Set(compiled.flatMap(({ references: names }) => [...names]));
  references.delete(node.id);
  return {
    index,
    id: node.id,
    node,
    dependencies,
    group,
    needs: [...references].map(toIndex),
    needsRun: compiled.some(({ roots }) => roots.has('input') || roots.has('run')),
    decides: needsDecision(node),
    ...parts,
  };
}

/** Everything of a node that holds templates, as one object, so that it is compiled and resolved in one go. */
function templateOf(node: DefinitionNode): JsonObject | undefined {
  const parts: JsonObject = {
    ...('input' in node && { input: node.input }),
    ...(node.kind === 'wait' && { wait: node.wait }),
    ...(node.approval?.message !== undefined && { message: node.approval.message }),
    ...(node.locks && { locks: node.locks.map(({ key, mode }) => ({ key, mode })) }),
  };
  return Object.keys(parts).length > 0 ? parts : undefined;
}

function needsDecision(node: DefinitionNode): boolean {
  return (
    node.when !== undefined ||
    node.forEach !== undefined ||
    node.approval !== undefined ||
    node.cache !== undefined ||
    node.locks !== undefined ||
    (node.kind !== 'agent' && node.kind !== 'transform')
  );
}

function compileGroups(
  ordered: readonly PlanNode[],
  poolOf: (agent: string) => string | undefined,
): Map<number, PlanGroup> {
  const members = new Map<number, PlanNode[]>();
  const hasOthers = ordered.some(({ node }) => !node.finally);
  const groupByNode = new Map(ordered.map(({ index, group }) => [index, group]));
  for (const node of ordered) {
    const list = members.get(node.group);
    if (list === undefined) members.set(node.group, [node]);
    else list.push(node);
  }
  return new Map(
    [...members].map(([group, list]) => {
      const inside = new Set(list.map(({ index }) => index));
      const outside = (indices: readonly number[]) => indices.filter((index) => !inside.has(index));
      const groupOf = (index: number) => groupByNode.get(index) ?? index;
      const head = list[0];
      return [
        group,
        {
          group,
          nodes: list.map(({ index }) => index),
          dependencies: [...new Set(list.flatMap(({ dependencies }) => outside(dependencies)).map(groupOf))],
          waitsForAll: (head?.node.finally ?? false) && hasOthers,
          queue: head?.node.kind === 'agent' ? agentsQueue(head.node.pool ?? poolOf(head.node.agent)) : STEPS_QUEUE,
          ...(head?.node.priority !== undefined && { priority: head.node.priority }),
          needs: [...new Set(list.flatMap(({ needs }) => outside(needs)))],
          needsRun: list.some(({ needsRun }) => needsRun),
        },
      ];
    }),
  );
}
