import { AppError, type Problem } from '../contracts/errors.ts';
import { parseDefinition, type DefinitionNode, type WorkflowDefinition } from './definition.ts';
import { compileExpression, type CompiledExpression } from './expressions.ts';
import { buildGraph, type Graph } from './graph.ts';
import { schemaProblem, type JsonSchema } from './json-schema.ts';
import { LIMITS, type DefinitionLimits } from './limits.ts';
import { dottedPath, problemError } from './problems.ts';
import { expressionSites, type ExpressionSite } from './references.ts';
import { salvageDefinition } from './salvage.ts';
import { sizeProblems } from './size.ts';
import { staticInputProblems } from './static-input.ts';
import { subWorkflowProblems, type KnownWorkflow } from './sub-workflows.ts';
import { compileTemplate, type CompiledTemplate } from './templates.ts';
import { triggerProblems } from './trigger-problems.ts';

/** What a definition is checked against besides itself. */
export interface World {
  readonly agents: ReadonlyMap<string, { readonly inputSchema?: JsonSchema | null }>;
  /** the project's other workflows by name; without it their existence and recursion are not checked */
  readonly workflows?: ReadonlyMap<string, KnownWorkflow>;
}

/**
 * Reads and checks a definition as a user sent it.
 * @throws AppError INVALID_DEFINITION with every problem of its shape, its graph, and what can be said of the rest.
 */
export function checkDefinition(json: unknown, world: World, limits: DefinitionLimits = LIMITS): WorkflowDefinition {
  const definition = readDefinition(json, world, limits);
  const problems = validateDefinition(definition, world);
  if (problems.length > 0) throw invalid(problems);
  return definition;
}

function readDefinition(json: unknown, world: World, limits: DefinitionLimits): WorkflowDefinition {
  try {
    return parseDefinition(json, limits);
  } catch (error) {
    if (!(error instanceof AppError) || sizeProblems(json, limits).length > 0) throw error;
    const salvaged = salvageDefinition(json);
    throw invalid([...error.problems, ...(salvaged === null ? [] : validateDefinition(salvaged, world))]);
  }
}

function invalid(problems: readonly Problem[]): AppError {
  return problemError('INVALID_DEFINITION', 'Invalid workflow definition', problems);
}

/** Every problem of a definition whose shape is right; empty where it can run. */
export function validateDefinition(definition: WorkflowDefinition, world: World): Problem[] {
  const graph = buildGraph(
    definition.nodes.map(({ id }) => id),
    definition.edges,
  );
  return [
    ...definition.nodes.flatMap((node, index) => nodeProblems(node, ['nodes', index], world)),
    ...finallyProblems(definition),
    ...expressionProblems(definition, graph),
    ...triggerProblems(definition),
    ...schemaProblems(['inputSchema'], definition.inputSchema),
    ...subWorkflowProblems(definition, world.workflows),
  ];
}

function nodeProblems(node: DefinitionNode, path: readonly PropertyKey[], world: World): Problem[] {
  return [
    ...agentProblems(node, path, world),
    ...schemaProblems([...path, 'approval', 'schema'], node.approval?.schema),
    ...(node.maxParallel !== undefined && node.forEach === undefined
      ? [{ path: dottedPath([...path, 'maxParallel']), message: '"maxParallel" needs "forEach"' }]
      : []),
  ];
}

function agentProblems(node: DefinitionNode, path: readonly PropertyKey[], { agents, workflows }: World): Problem[] {
  if (node.kind === 'workflow') return inputProblems(workflows?.get(node.workflow)?.inputSchema, node, path);
  if (node.kind !== 'agent') return [];
  const agent = agents.get(node.agent);
  if (agent !== undefined) return inputProblems(agent.inputSchema, node, path);
  return [
    { path: dottedPath([...path, 'agent']), message: `Unknown agent "${node.agent}"${knownNames([...agents.keys()])}` },
  ];
}

function inputProblems(
  schema: JsonSchema | null | undefined,
  { input }: { input: WorkflowInput },
  path: readonly PropertyKey[],
): Problem[] {
  return schema ? staticInputProblems(schema, input, [...path, 'input']) : [];
}
type WorkflowInput = Parameters<typeof staticInputProblems>[1];

function knownNames(names: readonly string[]): string {
  if (names.length === 0) return ': no agent is registered';
  return `: registered are ${names.slice(0, 20).sort().join(', ')}${names.length > 20 ? ', …' : ''}`;
}

function schemaProblems(path: readonly PropertyKey[], schema: JsonSchema | undefined): Problem[] {
  const problem = schema === undefined ? null : schemaProblem(schema);
  return problem === null ? [] : [{ path: dottedPath(path), message: `Not a usable JSON Schema: ${problem}` }];
}

function finallyProblems({ nodes, edges }: WorkflowDefinition): Problem[] {
  const last = new Set(nodes.filter((node) => node.finally).map(({ id }) => id));
  return edges
    .filter(({ from, to }) => last.has(from) && !last.has(to))
    .map(({ from, to }) => ({
      path: 'edges',
      message: `Node "${to}" cannot depend on "${from}": a "finally" node runs after all others`,
    }));
}

function expressionProblems(definition: WorkflowDefinition, graph: Graph): Problem[] {
  const nodeIds = graph.ids;
  return [...expressionSites(definition)].flatMap((site) => {
    try {
      const names = { nodeIds };
      const compiled = site.isTemplate ? compileTemplate(site.source, names) : compileExpression(site.source, names);
      return readProblems(compiled, site, graph).map((message) => ({ path: dottedPath(site.path), message }));
    } catch (error) {
      if (error instanceof AppError) return [{ path: dottedPath(site.path), message: error.message }];
      throw error;
    }
  });
}

function readProblems(
  { reads, roots }: CompiledExpression | CompiledTemplate,
  site: ExpressionSite,
  graph: Graph,
): string[] {
  const noItem =
    roots.has('item') && !site.hasItem ? ['"item" is there only in what a node with "forEach" does for each item'] : [];
  return [...noItem, ...[...reads].flatMap(([id, fields]) => nodeReadProblem(id, fields, site, graph) ?? [])];
}

function nodeReadProblem(
  id: string,
  fields: ReadonlySet<string>,
  { node, nodes }: ExpressionSite,
  graph: Graph,
): string | null {
  if (nodes === 'all') return null;
  if (nodes === 'none' || node === undefined)
    return `Cannot resolve dependency ${id}: no node has run when this is evaluated`;
  if (id === node.id)
    return fields.has('output') || fields.has('status') ? `Node "${id}" cannot read its own output` : null;
  if (graph.hasPath(id, node.id)) return null;
  return `Cannot resolve dependency ${id}: no path of edges leads from "${id}" to "${node.id}"; add {"from": "${id}", "to": "${node.id}"} to "edges"`;
}
