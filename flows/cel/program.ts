import type { ASTNode } from '@marcbachmann/cel-js';
import { access, find, FORBIDDEN_NAMES } from './access.ts';
import { CelFault } from './fault.ts';
import { functionOf } from './functions.ts';
import { MACROS, type Macro } from './macros.ts';
import { BINARY_OPERATORS, negate, not } from './operators.ts';
import { readNode, readRoot, type NodeField, type Root } from './scope.ts';
import { Symbols, type Access, type Names } from './symbols.ts';
import { constant, listOf, located, logical, mapOf, round, ternary, unary, type Frame, type Thunk } from './thunks.ts';
import { keyText, type CelValue } from './values.ts';

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
  const symbols = new Symbols(names);
  const run = new Compiler(symbols).compile(tree);
  return { run, reads: symbols.reads, roots: symbols.roots };
}

class Compiler {
  readonly #symbols: Symbols;
  #depth = 0;

  constructor(symbols: Symbols) {
    this.#symbols = symbols;
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
        return this.#identifier(node);
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

  #identifier(node: Extract<ASTNode, { op: 'id' }>): Thunk {
    const meaning = this.#symbols.meaningOf(node);
    if ('slot' in meaning) return (frame) => frame.locals[meaning.slot] ?? null;
    if ('constant' in meaning) return constant(meaning.constant);
    return located(node.start, (frame) => readRoot(frame.scope, meaning.root));
  }

  #access(node: Access): Thunk {
    const ofNode = this.#nodeField(node);
    if (ofNode !== undefined) return ofNode;
    const container = this.compile(node.args[0]);
    const key = this.#key(node);
    const path = this.#symbols.textOf(node.args[0]);
    return located(node.start, (frame) => access(container(frame), key(frame), path));
  }

  #key(node: Access): Thunk {
    const key = this.#symbols.literalKey(node) as CelValue | undefined;
    // only `[]` has a computed key
    if (key === undefined) return this.compile(node.args[1] as ASTNode);
    if (FORBIDDEN_NAMES.has(key)) throw new CelFault(`The name "${keyText(key)}" is not allowed`, node.start);
    return constant(key);
  }

  #nodeField(node: Access): Thunk | undefined {
    const read = this.#symbols.nodeField(node);
    return read && located(node.start, (frame) => readNode(frame.scope, read.id, read.field));
  }

  #has(args: readonly ASTNode[], node: ASTNode): Thunk {
    const [field] = args;
    if (field === undefined || args.length !== 1 || (field.op !== '.' && field.op !== '[]')) {
      throw new CelFault('has() takes a field: has(input.name)', node.start);
    }
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
    return this.#symbols.withLocal(
      variable,
      (slot) => {
        const thunks = bodies.map((body) => this.compile(body));
        // map(x, condition, transform) has the condition first
        const [transform, filter] = thunks.length === 2 ? [thunks[1], thunks[0]] : [thunks[0], undefined];
        if (transform === undefined) throw new CelFault('This macro takes a variable and an expression', node.start);
        return located(node.start, (frame) =>
          macro(container(frame), round(transform, slot, frame), frame.budget, filter && round(filter, slot, frame)),
        );
      },
      node,
    );
  }

  #bind([variable, bound, body]: readonly ASTNode[], node: ASTNode): Thunk {
    if (bound === undefined || body === undefined) {
      throw new CelFault('cel.bind takes a variable, a value and an expression', node.start);
    }
    const value = this.compile(bound);
    return this.#symbols.withLocal(
      variable,
      (slot) => {
        const result = this.compile(body);
        return (frame: Frame) => {
          frame.locals[slot] = value(frame);
          return result(frame);
        };
      },
      node,
    );
  }
}
