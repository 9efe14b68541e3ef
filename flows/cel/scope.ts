import type { Json } from '../../contracts/json.ts';
import { CelFault } from './fault.ts';
import { fromJson, type CelValue } from './values.ts';

/** What an expression may read. Values are never changed, so the rows of the database can be passed as they are. */
export interface Scope {
  readonly input: Json;
  /** facts about the run: id, workflow, labels, … */
  readonly run: Json;
  /** the item of a `forEach` instance */
  readonly item?: Json;
  readonly nodes: Readonly<Record<string, ScopeNode>>;
}

export interface ScopeNode {
  readonly output: Json;
  readonly status: string;
  /** the typed answer of the approver */
  readonly approval?: Json;
}

export const ROOTS = ['input', 'run', 'item'] as const;
export type Root = (typeof ROOTS)[number];

/** `context` is another name for `input`. */
export function rootOf(name: string): Root | undefined {
  return name === 'context' ? 'input' : ROOTS.find((root) => root === name);
}

export const NODE_FIELDS = ['output', 'status', 'approval'] as const;
export type NodeField = (typeof NODE_FIELDS)[number];

export function readRoot(scope: Scope, root: Root): CelValue {
  if (root === 'run') return fromJson(scope.run);
  if (root === 'input') return fromJson(scope.input);
  if (scope.item === undefined) throw new CelFault('"item" is there only in a node with "forEach"');
  return fromJson(scope.item);
}

/**
 * A field of a node. The output of a node that did not succeed is null, except that a failed `forEach` keeps the list
 * of what its items gave.
 * @throws CelFault when the scope does not have the node: its output was not fetched, so no edge leads to it.
 */
export function readNode(scope: Scope, id: string, field: NodeField): CelValue {
  const node = Object.hasOwn(scope.nodes, id) ? scope.nodes[id] : undefined;
  if (node === undefined)
    throw new CelFault(`Cannot resolve dependency ${id}: no path of edges leads from it to this node`);
  if (field === 'status') return node.status;
  if (field === 'approval') return fromJson(node.approval ?? null);
  return node.status === 'SUCCESS' || Array.isArray(node.output) ? fromJson(node.output) : null;
}
