import type { DefinitionSource, Edge } from './definition-schema.ts';
import type { DefinitionNode, WorkflowDefinition } from './definition-types.ts';
import { KIND_FIELDS, type NodeSource } from './node-schema.ts';

/** Fills in what users may leave out: `kind`, `input`, the object of an approval, and edges for `dependsOn`. */
export function normalise({ nodes, edges, ...rest }: DefinitionSource): WorkflowDefinition {
  const shorthand = nodes.flatMap(({ id, dependsOn = [] }) => dependsOn.map((from) => ({ from, to: id })));
  // zod read the templates from JSON and kept them as they were
  return {
    ...(rest as Omit<WorkflowDefinition, 'nodes' | 'edges'>),
    nodes: nodes.map(normaliseNode),
    edges: distinct([...edges, ...shorthand]),
  };
}

export function normaliseNode({ dependsOn: _, approval, ...node }: NodeSource): DefinitionNode {
  const kind = KIND_FIELDS.find((field) => node[field] !== undefined);
  const takesInput = kind === 'agent' || kind === 'workflow';
  const given = approval === true ? { onTimeout: 'reject' } : approval;
  // exactly one kind is there: kindProblems found none
  return {
    ...node,
    kind,
    ...(takesInput ? { input: node.input ?? {} } : {}),
    ...(given ? { approval: given } : {}),
  } as DefinitionNode;
}

function distinct(edges: readonly Edge[]): Edge[] {
  return [...new Map(edges.map((edge) => [`${edge.from} ${edge.to}`, edge])).values()];
}
