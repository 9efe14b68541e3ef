import type { ASTNode } from '@marcbachmann/cel-js';
import { access, find, FORBIDDEN_NAMES } from './access.ts';
import type { Budget } from './budget.ts';
import { CelFault } from './fault.ts';
import { functionOf } from './functions.ts';
import { constantOf } from './language.ts';
import { MACROS, type Macro, type Round } from './macros.ts';
import { BINARY_OPERATORS, negate, not } from './operators.ts';
import { NODE_FIELDS, readNode, readRoot, rootOf, type NodeField, type Root, type Scope } from './scope.ts';
import { CelList, keyText, typeName, type CelValue } from './values.ts';

/** The state of one evaluation. `locals` are the variables of macros, by slot. */
export interface Frame {
  readonly scope: Scope;
  readonly locals: CelValue[];
  readonly budget: Budget;
}

export type Thunk = (frame: Frame) => CelValue;

/** What the compiler must know of the expression's surroundings. */
export interface Names {
  readonly nodeIds: ReadonlySet<string>;
  readonly source: string;
  unmask(name: string): string;
}

export interface Program {
  readonly run: Thunk;
  /** what it reads of which nodes */
  readonly reads: ReadonlyMap<string, ReadonlySet<NodeField>>;
  readonly roots: ReadonlySet<Root>;
}

/** `a + b + c + …` is a tree as deep as it is long; compiled code recurses once a level. */
const DEEPEST = 2_000;

/** Turns a syntax tree into closures. @throws CelFault for names that do not exist. */
export function compileProgram(tree: ASTNode, names: Names): Program {
  const compiler = new Compiler(names);
  const run = compiler.compile(tree);
  return { run, reads: compiler.reads, roots: compiler.roots };
}

class Compiler {
  readonly reads = new Map<string, Set<NodeField>>();
  readonly roots = new Set<Root>();
  readonly #names: Names;
  readonly #locals: string[] = [];
  #depth = 0;

  constructor(names: Names) {
    this.#names = names;
  }

  compile(node: ASTNode): Thunk {
    this.#depth += 1;
    if (this.#depth > DEEPEST) throw new CelFault(`The expression is nested deeper than ${DEEPEST} levels`, node.start);
    const thunk = this.#compileNode(node);
    this.#depth -= 1;
    return thunk;
  }

  #compileNode(node: ASTNode): Thunk {
    switch (node.op) {
      case 'value':
        return constant(node.args);
      case 'id':
        return this.#identifier(node.args, node);
      case '.':
      case '[]':
        return this.#access(node);
      case 'call':
        return node.args[0] === 'has'
          ? this.#has(node.args[1], node)
          : this.#call(node.args[0], node.args[1], false, node);
      case 'rcall':
        return this.#method(node.args, node);
      case 'list':
        return listOf(node.args.map((element) => this.compile(element)));
      case 'map':
        return mapOf(
          node.args.map(([key, value]) => [this.compile(key), this.compile(value)]),
          node,
        );
      case '?:':
        return ternary(this.compile(node.args[0]), this.compile(node.args[1]), this.compile(node.args[2]), node);
      case '||':
      case '&&':
        return logical(node.op === '||', this.compile(node.args[0]), this.compile(node.args[1]), node);
      case '!_':
      case '-_':
        return unary(node.op === '!_' ? not : negate, this.compile(node.args), node);
      case '.?':
      case '[?]':
        throw new CelFault('Optional access is not part of this language: ask has(…)', node.start);
      default:
        return this.#binary(node);
    }
  }

  #binary(node: Extract<ASTNode, { args: [ASTNode, ASTNode] }>): Thunk {
    const operator = BINARY_OPERATORS[node.op];
    if (operator === undefined) throw new CelFault(`Unknown operator ${node.op}`, node.start);
    const left = this.compile(node.args[0]);
    const right = this.compile(node.args[1]);
    return located(node.start, (frame) => operator(left(frame), right(frame), frame.budget));
  }

  #identifier(masked: string, node: ASTNode): Thunk {
    const slot = this.#locals.lastIndexOf(masked);
    if (slot >= 0) return (frame) => frame.locals[slot] ?? null;
    const name = this.#names.unmask(masked);
    if (this.#names.nodeIds.has(name))
      throw new CelFault(
        `Write ${NODE_FIELDS.map((field) => `${name}.${field}`).join(', ')}, not ${name} alone`,
        node.start,
      );
    const root = rootOf(name);
    if (root !== undefined) return this.#root(root, node);
    if (name === 'nodes') throw new CelFault('Write nodes.<id>.output: "nodes" alone is no value', node.start);
    const builtIn = constantOf(name);
    if (builtIn !== undefined) return constant(builtIn);
    throw new CelFault(
      `Cannot resolve dependency ${name}: no node has this id; other names are input, context, run and item`,
      node.start,
    );
  }

  #root(root: Root, node: ASTNode): Thunk {
    this.roots.add(root);
    return located(node.start, (frame) => readRoot(frame.scope, root));
  }

  #access(node: Extract<ASTNode, { op: '.' | '[]' }>): Thunk {
    const ofNode = this.#nodeField(node);
    if (ofNode !== undefined) return ofNode;
    const container = this.compile(node.args[0]);
    const key = this.#key(node);
    const path = this.#text(node.args[0]);
    return located(node.start, (frame) => access(container(frame), key(frame), path));
  }

  #key(node: Extract<ASTNode, { op: '.' | '[]' }>): Thunk {
    const key =
      node.op === '.'
        ? this.#names.unmask(node.args[1])
        : node.args[1].op === 'value'
          ? (node.args[1].args as CelValue)
          : undefined;
    if (key === undefined) return this.compile(node.args[1] as ASTNode);
    if (FORBIDDEN_NAMES.has(key)) throw new CelFault(`The name "${keyText(key)}" is not allowed`, node.start);
    return constant(key);
  }

  /** `<id>.output`, `nodes.<id>.output`, `nodes["<id>"].output`; undefined for any other access. */
  #nodeField(node: Extract<ASTNode, { op: '.' | '[]' }>): Thunk | undefined {
    const id = this.#nodeId(node.args[0]);
    if (id === undefined) return undefined;
    const field = node.op === '.' ? this.#names.unmask(node.args[1]) : node.args[1].args;
    if (!isNodeField(field))
      throw new CelFault(`A node has ${NODE_FIELDS.join(', ')}: ${this.#text(node)} is none of them`, node.start);
    this.reads.set(id, (this.reads.get(id) ?? new Set()).add(field));
    return located(node.start, (frame) => readNode(frame.scope, id, field));
  }

  #nodeId(node: ASTNode): string | undefined {
    if (node.op === 'id' && !this.#locals.includes(node.args)) {
      const name = this.#names.unmask(node.args);
      return this.#names.nodeIds.has(name) ? name : undefined;
    }
    if (node.op !== '.' && node.op !== '[]') return undefined;
    const [container, key] = node.args;
    if (container.op !== 'id' || container.args !== 'nodes' || this.#locals.includes('nodes')) return undefined;
    const id = typeof key === 'string' ? this.#names.unmask(key) : key.op === 'value' ? key.args : undefined;
    if (typeof id !== 'string')
      throw new CelFault('Write the id of the node out: nodes.<id> or nodes["<id>"]', node.start);
    if (!this.#names.nodeIds.has(id))
      throw new CelFault(`Cannot resolve dependency ${id}: no node has this id`, node.start);
    return id;
  }

  #has(args: readonly ASTNode[], node: ASTNode): Thunk {
    const [field] = args;
    if (field === undefined || args.length !== 1 || (field.op !== '.' && field.op !== '[]'))
      throw new CelFault('has() takes a field: has(input.name)', node.start);
    const value = this.#optional(field);
    return (frame) => value(frame) !== undefined;
  }

  /** Like `compile`, but what is absent is undefined, also in the middle of the path. */
  #optional(node: ASTNode): (frame: Frame) => CelValue | undefined {
    if (node.op !== '.' && node.op !== '[]') return this.compile(node);
    const ofNode = this.#nodeField(node);
    if (ofNode !== undefined) return (frame) => ofNode(frame) ?? undefined;
    const container = this.#optional(node.args[0]);
    const key = this.#key(node);
    return (frame) => {
      const value = container(frame);
      return value === undefined ? undefined : find(value, key(frame));
    };
  }

  #method([name, receiver, args]: [string, ASTNode, ASTNode[]], node: ASTNode): Thunk {
    const macro = Object.hasOwn(MACROS, name) ? MACROS[name] : undefined;
    if (macro !== undefined && args.length >= 2) return this.#macro(macro, receiver, args, node);
    if (name === 'bind' && receiver.op === 'id' && receiver.args === 'cel') return this.#bind(args, node);
    return this.#call(name, [receiver, ...args], true, node);
  }

  #call(name: string, args: readonly ASTNode[], isMethod: boolean, node: ASTNode): Thunk {
    const thunks = args.map((argument) => this.compile(argument));
    const apply = functionOf(name, isMethod, args.length);
    return located(node.start, (frame) =>
      apply(
        thunks.map((thunk) => thunk(frame)),
        frame.budget,
      ),
    );
  }

  #macro(macro: Macro, receiver: ASTNode, [variable, ...bodies]: readonly ASTNode[], node: ASTNode): Thunk {
    const container = this.compile(receiver);
    const [slot, thunks] = this.#withLocal(variable, () => bodies.map((body) => this.compile(body)), node);
    // map(x, condition, transform) has the condition first
    const [transform, filter] = thunks.length === 2 ? [thunks[1], thunks[0]] : [thunks[0], undefined];
    if (transform === undefined) throw new CelFault('This macro takes a variable and an expression', node.start);
    return located(node.start, (frame) =>
      macro(container(frame), round(transform, slot, frame), frame.budget, filter && round(filter, slot, frame)),
    );
  }

  #bind([variable, bound, body]: readonly ASTNode[], node: ASTNode): Thunk {
    if (bound === undefined || body === undefined)
      throw new CelFault('cel.bind takes a variable, a value and an expression', node.start);
    const value = this.compile(bound);
    const [slot, result] = this.#withLocal(variable, () => this.compile(body), node);
    return (frame) => {
      frame.locals[slot] = value(frame);
      return result(frame);
    };
  }

  #withLocal<T>(variable: ASTNode | undefined, compile: () => T, node: ASTNode): [slot: number, result: T] {
    if (variable?.op !== 'id')
      throw new CelFault('The first argument of a macro is the name of its variable', node.start);
    const slot = this.#locals.push(variable.args) - 1;
    const result = compile();
    this.#locals.pop();
    return [slot, result];
  }

  #text(node: ASTNode): string {
    return this.#names.source.slice(node.start, node.end);
  }
}

function round(thunk: Thunk, slot: number, frame: Frame): Round {
  return (element) => {
    frame.locals[slot] = element;
    return thunk(frame);
  };
}

function constant(value: CelValue): Thunk {
  return () => value;
}

/** Faults from below get the position of the innermost piece of source that they came from. */
function located(start: number, thunk: Thunk): Thunk {
  return (frame) => {
    try {
      return thunk(frame);
    } catch (error) {
      if (!(error instanceof CelFault) || error.at !== undefined) throw error;
      throw new CelFault(error.message, start, { final: error.final, cause: error.cause });
    }
  };
}

function listOf(elements: readonly Thunk[]): Thunk {
  return (frame) => {
    frame.budget.charge(elements.length);
    const list = CelList.ofLength(elements.length);
    elements.forEach((element, index) => (list[index] = element(frame)));
    return list;
  };
}

function mapOf(entries: readonly (readonly [Thunk, Thunk])[], node: ASTNode): Thunk {
  return (frame) => {
    frame.budget.charge(entries.length);
    const map = new Map<CelValue, CelValue>();
    for (const [key, value] of entries) map.set(mapKey(key(frame), node), value(frame));
    return map;
  };
}

function mapKey(key: CelValue, node: ASTNode): CelValue {
  if (FORBIDDEN_NAMES.has(key)) throw new CelFault(`The name "${keyText(key)}" is not allowed`, node.start);
  if (typeof key === 'string' || typeof key === 'bigint' || typeof key === 'boolean') return key;
  throw new CelFault(`A key of a map is a string, an int or a bool, not ${typeName(key)}`, node.start);
}

function ternary(condition: Thunk, yes: Thunk, no: Thunk, node: ASTNode): Thunk {
  return (frame) => (bool(condition(frame), 'The condition of "? :"', node) ? yes(frame) : no(frame));
}

/** `||` and `&&`: an error on one side counts only when the other side does not decide. */
function logical(isOr: boolean, left: Thunk, right: Thunk, node: ASTNode): Thunk {
  const side = isOr ? 'A side of "||"' : 'A side of "&&"';
  return (frame) => {
    try {
      if (bool(left(frame), side, node) === isOr) return isOr;
    } catch (error) {
      if (error instanceof CelFault && !error.final && right(frame) === isOr) return isOr;
      throw error;
    }
    return bool(right(frame), side, node);
  };
}

function unary(operator: (value: CelValue) => CelValue, operand: Thunk, node: ASTNode): Thunk {
  return located(node.start, (frame) => operator(operand(frame)));
}

function bool(value: CelValue, what: string, node: ASTNode): boolean {
  if (typeof value === 'boolean') return value;
  throw new CelFault(`${what} must be bool, not ${typeName(value)}`, node.start);
}

function isNodeField(name: unknown): name is NodeField {
  return (NODE_FIELDS as readonly unknown[]).includes(name);
}
