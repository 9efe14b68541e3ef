import type { JsonObject } from '../contracts/json.ts';
import { agentsQueue, STEPS_QUEUE } from '../contracts/jobs.ts';
import type { DefinitionNode, WorkflowDefinition } from './definition.ts';
import { compileExpression } from './expressions.ts';
import { groupNodes } from './fuse.ts';
import { buildGraph } from './graph.ts';
import { plantTree } from './job-tree.ts';
import type { Plan, PlanGroup, PlanNode } from './plan.ts';
import { compileTemplate } from './templates.ts';

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
    graph.order.flatMap((id) => nodes[toIndex(id)] ?? []),
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

function placeOf(node: DefinitionNode | undefined, poolOf: (agent: string) => string | undefined) {
  if (node?.kind !== 'agent') return { queue: STEPS_QUEUE };
  const pool = node.pool ?? poolOf(node.agent) ?? 'default';
  return { queue: agentsQueue(pool), pool };
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
          ...placeOf(head?.node, poolOf),
          ...(head?.node.priority !== undefined && { priority: head.node.priority }),
          needs: [...new Set(list.flatMap(({ needs }) => outside(needs)))],
          needsRun: list.some(({ needsRun }) => needsRun),
        },
      ];
    }),
  );
}
