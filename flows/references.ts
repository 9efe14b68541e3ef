import type { Json } from '../contracts/json.ts';
import type { DefinitionNode, WorkflowDefinition } from './definition.ts';

/** One expression, or one string with templates, and what it may read where it stands. */
export interface ExpressionSite {
  readonly path: readonly PropertyKey[];
  readonly source: string;
  readonly isTemplate: boolean;
  /** the node that it belongs to */
  readonly node?: DefinitionNode;
  /** `ancestors`: nodes with a path of edges to its own; `all`: after the run; `none`: before the run */
  readonly nodes: 'ancestors' | 'all' | 'none';
  /** it is evaluated once for each item of a `forEach` */
  readonly hasItem: boolean;
}

/** Every expression and template of a definition, in the order of the definition. */
export function* expressionSites(definition: WorkflowDefinition): Generator<ExpressionSite> {
  for (const [index, node] of definition.nodes.entries()) yield* nodeSites(node, ['nodes', index]);
  const { output, concurrency, triggers } = definition;
  yield* templates(output, { path: ['output'], nodes: 'all', hasItem: false });
  yield* templates(concurrency?.key, { path: ['concurrency', 'key'], nodes: 'none', hasItem: false });
  for (const [index, trigger] of triggers.entries()) {
    const field = trigger.type === 'schedule' ? 'input' : 'mapping';
    const value = trigger.type === 'schedule' ? trigger.input : trigger.mapping;
    yield* templates(value, { path: ['triggers', index, field], nodes: 'none', hasItem: false });
  }
}

type Place = Omit<ExpressionSite, 'source' | 'isTemplate'>;

function* nodeSites(node: DefinitionNode, path: readonly PropertyKey[]): Generator<ExpressionSite> {
  const place = (field: string, hasItem: boolean): Place => ({
    path: [...path, field],
    node,
    nodes: 'ancestors',
    hasItem,
  });
  const forItem = node.forEach !== undefined;
  // forEach and when are asked once, before there are items; so is an approval
  yield* expression(node.when, place('when', false));
  yield* expression(node.forEach, place('forEach', false));
  if (node.kind === 'transform') yield* expression(node.transform, place('transform', forItem));
  if (node.kind === 'agent' || node.kind === 'workflow') yield* templates(node.input, place('input', forItem));
  if (node.kind === 'wait') yield* templates(node.wait, place('wait', forItem));
  yield* templates(node.locks, place('locks', forItem));
  yield* templates(node.approval?.message, { ...place('approval', false), path: [...path, 'approval', 'message'] });
}

function* expression(source: string | undefined, place: Place): Generator<ExpressionSite> {
  if (source !== undefined) yield { ...place, source, isTemplate: false };
}

function* templates(json: unknown, place: Place): Generator<ExpressionSite> {
  for (const [path, source] of strings(json as Json | undefined, place.path)) {
    if (source.includes('{{')) yield { ...place, path, source, isTemplate: true };
  }
}

/** Every string of nested JSON with its path. Keys are none. */
export function* strings(
  json: Json | undefined,
  path: readonly PropertyKey[] = [],
): Generator<readonly [path: readonly PropertyKey[], text: string]> {
  if (typeof json === 'string') yield [path, json];
  if (typeof json !== 'object' || json === null) return;
  for (const [key, child] of Object.entries(json))
    yield* strings(child, [...path, Array.isArray(json) ? Number(key) : key]);
}
