import type { ASTNode } from '@marcbachmann/cel-js';
import { CelFault } from './fault.ts';
import { constantOf } from './language.ts';
import { NODE_FIELDS, rootOf, type NodeField, type Root } from './scope.ts';

/** What the compiler must know of the expression's surroundings. */
export interface Names {
  readonly nodeIds: ReadonlySet<string>;
  readonly source: string;
  unmask(name: string): string;
}

export type Access = Extract<ASTNode, { op: '.' | '[]' }>;

/** What a name stands for: a variable of a macro, a root of the scope, or a constant of the language. */
export type Meaning = { readonly slot: number } | { readonly root: Root } | { readonly constant: object };

/** The names of one expression, and a record of what it reads by them. */
export class Symbols {
  readonly reads = new Map<string, Set<NodeField>>();
  readonly roots = new Set<Root>();
  readonly #names: Names;
  readonly #locals: string[] = [];

  constructor(names: Names) {
    this.#names = names;
  }

  /** Compiles with the variable of a macro in sight. Slots of variables that are out of sight are used again. */
  withLocal<T>(variable: ASTNode | undefined, compile: (slot: number) => T, macro: ASTNode): T {
    if (variable?.op !== 'id')
      throw new CelFault('The first argument of a macro is the name of its variable', macro.start);
    const result = compile(this.#locals.push(variable.args) - 1);
    this.#locals.pop();
    return result;
  }

  /** @throws CelFault for a name that stands for nothing, or for a node without one of its fields. */
  meaningOf(node: Extract<ASTNode, { op: 'id' }>): Meaning {
    const slot = this.#locals.lastIndexOf(node.args);
    if (slot >= 0) return { slot };
    const name = this.nameOf(node.args);
    const root = this.#names.nodeIds.has(name) ? undefined : rootOf(name);
    if (root !== undefined) this.roots.add(root);
    if (root !== undefined) return { root };
    const constant = this.#names.nodeIds.has(name) ? undefined : constantOf(name);
    if (constant !== undefined) return { constant };
    throw new CelFault(this.#meaningless(name), node.start);
  }

  /** The node and field in `<id>.output`, `nodes.<id>.output`, `nodes["<id>"].output`; undefined for any other access. */
  nodeField(node: Access): { id: string; field: NodeField } | undefined {
    const id = this.#nodeId(node.args[0]);
    if (id === undefined) return undefined;
    const field = NODE_FIELDS.find((each) => each === this.literalKey(node));
    if (field === undefined) {
      throw new CelFault(`A node has ${NODE_FIELDS.join(', ')}: ${this.textOf(node)} is none of them`, node.start);
    }
    this.reads.set(id, (this.reads.get(id) ?? new Set()).add(field));
    return { id, field };
  }

  /** The key of an access where it is written out, undefined where it is computed. */
  literalKey(node: Access): unknown {
    if (node.op === '.') return this.nameOf(node.args[1]);
    return node.args[1].op === 'value' ? node.args[1].args : undefined;
  }

  /** As the user wrote it. */
  nameOf(masked: string): string {
    return this.#names.unmask(masked);
  }

  /** As the user wrote it. */
  textOf(node: ASTNode): string {
    return this.#names.source.slice(node.start, node.end);
  }

  #nodeId(node: ASTNode): string | undefined {
    if (node.op === 'id') return this.#plainNodeId(node.args);
    if ((node.op !== '.' && node.op !== '[]') || !this.#isNodes(node.args[0])) return undefined;
    const id = this.literalKey(node);
    if (typeof id !== 'string') {
      throw new CelFault('Write the id of the node out: nodes.<id> or nodes["<id>"]', node.start);
    }
    if (!this.#names.nodeIds.has(id)) {
      throw new CelFault(`Cannot resolve dependency ${id}: no node has this id`, node.start);
    }
    return id;
  }

  #plainNodeId(masked: string): string | undefined {
    const name = this.nameOf(masked);
    return !this.#locals.includes(masked) && this.#names.nodeIds.has(name) ? name : undefined;
  }

  #isNodes(node: ASTNode): boolean {
    return node.op === 'id' && node.args === 'nodes' && !this.#locals.includes('nodes');
  }

  #meaningless(name: string): string {
    if (name === 'nodes') return 'Write nodes.<id>.output: "nodes" alone is no value';
    if (!this.#names.nodeIds.has(name)) {
      return `Cannot resolve dependency ${name}: no node has this id; other names are input, context, run and item`;
    }
    return `Write ${NODE_FIELDS.map((field) => `${name}.${field}`).join(', ')}, not ${name} alone`;
  }
}
