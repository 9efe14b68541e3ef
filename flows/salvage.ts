import type { JsonObject } from '../contracts/json.ts';
import { kindProblem } from './definition.ts';
import { definitionSchema, type DefinitionSource } from './definition-schema.ts';
import type { WorkflowDefinition } from './definition-types.ts';
import { isNodeId } from './names.ts';
import { nodeSchema, type NodeSource } from './node-schema.ts';
import { normalise } from './normalise.ts';
import { structureProblems } from './structure.ts';

/**
 * What can be read of a definition that was refused for its shape, so that its agents, expressions and triggers are
 * checked at the same time and its author hears of every problem at once. Parts that cannot be read are left out,
 * nodes become one that does nothing, so that the others keep their places.
 * @returns null when the graph itself is broken: nothing certain can be said then.
 */
export function salvageDefinition(json: unknown): WorkflowDefinition | null {
  if (!isRecord(json) || !Array.isArray(json.nodes) || structureProblems(json).length > 0) return null;
  const nodes = json.nodes.map(salvageNode);
  if (nodes.length === 0 || nodes.some((node) => node === null)) return null;
  if (json.edges !== undefined && !isReadable('edges', json.edges)) return null;
  const fields = Object.entries(json).filter(([key, value]) => key !== 'nodes' && isReadable(key, value));
  const readable = { name: 'unnamed', ...Object.fromEntries(fields), nodes };
  const parsed = definitionSchema.safeParse(readable);
  return parsed.success ? normalise(parsed.data) : null;
}

const shape = definitionSchema.shape as Readonly<
  Record<string, (typeof definitionSchema.shape)[keyof DefinitionSource] | undefined>
>;

function isReadable(key: string, value: unknown): boolean {
  return Object.hasOwn(shape, key) && (shape[key]?.safeParse(value).success ?? false);
}

function salvageNode(node: unknown): NodeSource | JsonObject | null {
  if (!isRecord(node) || !isNodeId(node.id)) return null;
  const known = Object.fromEntries(Object.entries(node).filter(([key]) => Object.hasOwn(nodeSchema.shape, key)));
  const parsed = kindProblem(known) === undefined ? nodeSchema.safeParse(known) : undefined;
  const dependsOn = Array.isArray(node.dependsOn) ? node.dependsOn.filter(isNodeId) : [];
  return parsed?.success === true ? parsed.data : { id: node.id, transform: 'null', dependsOn };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
