import type { SgNode } from '@ast-grep/napi';
import { kindOf, type Call, type Definition, type Dialect, type Imports, type Shape } from './shape.ts';
import { SANITISERS, isConstantName, passesThrough } from './knowledge.ts';

/** How dangerous a value is, least first. */
export const LEVELS = ['constant', 'unknown', 'built', 'tainted'] as const;
export type Level = (typeof LEVELS)[number];

/** What the flow found out about an expression. */
export interface Value {
  /** `unknown`: from a variable that nobody explains; `built`: a string made with such; `tainted`: from outside. */
  readonly level: Level;
  /** The literal text in it, for asking whether it is SQL or HTML. */
  readonly text: string;
  /** What it was made safe for on its way. */
  readonly safeFor: ReadonlySet<string>;
}

const NOTHING: ReadonlySet<string> = new Set();
const CONSTANT: Value = { level: 'constant', text: '', safeFor: NOTHING };
const UNKNOWN: Value = { level: 'unknown', text: '', safeFor: NOTHING };
const TAINTED: Value = { level: 'tainted', text: '', safeFor: NOTHING };
/** Enough for real code; a cycle ends here. */
const DEEPEST = 14;

/**
 * Follows values inside one file: through assignments, string building, calls of the file's own functions and their
 * parameters. Not a proof in either direction: where it cannot see, it says `unknown`.
 */
export class Flow {
  readonly #root: SgNode;
  readonly #dialect: Dialect;
  readonly #imports: Imports;
  #definitions: Map<string, Definition[]> | undefined;
  #functions: Map<string, SgNode[]> | undefined;
  #calls: Map<string, Call[]> | undefined;
  readonly #known = new Map<number, Value>();

  constructor(root: SgNode, dialect: Dialect, imports: Imports) {
    this.#root = root;
    this.#dialect = dialect;
    this.#imports = imports;
  }

  /** The callee of a call as imported, without looking at the rest of it. */
  callee(node: SgNode): string {
    return this.#dialect.callee(node, this.#imports);
  }

  shape(node: SgNode): Shape {
    return this.#dialect.shape(node, this.#imports);
  }

  trace(node: SgNode, depth = 0): Value {
    if (depth > DEEPEST) return UNKNOWN;
    const known = this.#known.get(node.id());
    if (known !== undefined) return known;
    this.#known.set(node.id(), UNKNOWN); // what a cycle comes back to
    const value = this.#evaluate(node, depth);
    this.#known.set(node.id(), value);
    return value;
  }

  #evaluate(node: SgNode, depth: number): Value {
    const shape = this.shape(node);
    switch (shape.kind) {
      case 'literal':
        return { ...CONSTANT, text: shape.text };
      case 'inert':
        return CONSTANT;
      case 'built':
        return this.#build(shape, depth);
      case 'any-of':
        return worst(shape.parts.map((part) => this.trace(part, depth + 1)));
      case 'call':
        return this.#call(shape.call, depth);
      case 'member':
        return this.#member(node, shape.object, shape.name, depth);
      case 'name':
        return this.#name(node, shape.name, depth);
      case 'unknown':
        return UNKNOWN;
    }
  }

  #build({ text, parts }: { text: string; parts: readonly SgNode[] }, depth: number): Value {
    const values = parts.map((part) => this.trace(part, depth + 1));
    const { level, safeFor } = worst(values);
    const whole = [text, ...values.map((value) => value.text)].join(' ');
    return { level: level === 'unknown' ? 'built' : level, text: whole, safeFor };
  }

  #member(node: SgNode, object: SgNode, name: string, depth: number): Value {
    if (this.#dialect.sources.test(node.text().slice(0, 200))) return TAINTED;
    if (isConstantName(name) || name === 'length') return CONSTANT;
    const value = this.trace(object, depth + 1);
    return value.level === 'built' || value.level === 'constant' ? UNKNOWN : value;
  }

  #call(call: Call, depth: number): Value {
    if (this.#dialect.neutralisers.test(call.callee)) return CONSTANT;
    if (this.#dialect.sources.test(call.node.text().slice(0, 200))) return TAINTED;
    const shaped = this.#valueOfListCall(call, depth);
    if (shaped !== undefined) return shaped;
    const own = this.#ownFunctions(call.callee);
    const inputs = [...call.args, ...call.keywords.values(), ...(call.receiver === undefined ? [] : [call.receiver])];
    const values = inputs.map((input) => this.trace(input, depth + 1));
    const sanitiser = SANITISERS.find(({ callee }) => callee.test(call.callee));
    if (sanitiser !== undefined) return { ...worst(values), safeFor: new Set(sanitiser.safeFor) };
    if (own.length > 0) return worst(own.flatMap((fn) => this.#returns(fn, depth + 1)));
    const value = worst(values);
    if (value.level === 'tainted' || value.level === 'built') return passesThrough(call.callee) ? value : UNKNOWN;
    return value.level === 'constant' && call.receiver !== undefined && passesThrough(call.callee) ? value : UNKNOWN;
  }

  /** Calls whose result is made of some of their inputs only: `ids.map(() => '?')`, `'?,'.repeat(n)`. */
  #valueOfListCall({ callee, receiver, args }: Call, depth: number): Value | undefined {
    const [first] = args;
    if (first === undefined || receiver === undefined) return undefined;
    if (/\.(repeat|slice|substring|substr|padStart|padEnd|charAt|at)$/.test(callee))
      return this.trace(receiver, depth + 1);
    if (/\.fill$|^strings\.Repeat$/.test(callee)) return this.trace(first, depth + 1);
    if (!/\.(map|flatMap)$/.test(callee) || !this.#dialect.functionKinds.includes(kindOf(first))) return undefined;
    const made = worst(this.#returns(first, depth + 1));
    return made.level === 'constant' ? made : worst([made, this.trace(receiver, depth + 1)]);
  }

  #returns(fn: SgNode, depth: number): Value[] {
    const body = fn.field('body');
    if (body === null) return [UNKNOWN];
    const returned = fn
      .findAll({ rule: { any: this.#dialect.returnKinds.map((kind) => ({ kind })) } })
      .flatMap((statement) => statement.namedChildren());
    const expressions = returned.length > 0 ? returned : [body];
    return expressions.map((expression) => this.trace(expression, depth));
  }

  #name(node: SgNode, name: string, depth: number): Value {
    if (this.#dialect.sources.test(name)) return TAINTED;
    const position = node.range().start.index;
    for (const scope of [...this.#enclosingFunctions(node), undefined]) {
      const definitions = this.#definitionsIn(scope, name).filter(
        (one) => one.node.range().end.index <= position || scope === undefined,
      );
      if (definitions.length > 0) return this.#combine(definitions, depth);
      if (scope !== undefined && this.#dialect.parameters(scope).includes(name))
        return this.#parameter(scope, name, depth);
    }
    return isConstantName(name) || this.#imports.has(name) ? { ...CONSTANT, text: '' } : UNKNOWN;
  }

  #combine(definitions: readonly Definition[], depth: number): Value {
    const values = definitions.map(({ value }) => this.trace(value, depth + 1));
    const combined = worst(values);
    const appended = definitions.some(({ appends }) => appends);
    return {
      level: appended && combined.level === 'unknown' ? 'built' : combined.level,
      text: values.map(({ text }) => text).join(' '),
      safeFor: combined.safeFor,
    };
  }

  /** A parameter is what the file's own calls pass, or what a framework does, else unknown. */
  #parameter(fn: SgNode, name: string, depth: number): Value {
    if (this.#dialect.isHandlerParameter(fn, name)) return TAINTED;
    const own = this.#dialect.functionName(fn);
    if (own === undefined || depth > DEEPEST / 2) return UNKNOWN;
    const index = this.#dialect.parameters(fn).indexOf(name);
    const passed = this.#callsOf(own).flatMap(({ args }) => args[index] ?? []);
    return worst([UNKNOWN, ...passed.map((argument) => this.trace(argument, depth + 1))]);
  }

  #callsOf(name: string): Call[] {
    this.#calls ??= this.#indexCalls();
    return this.#calls.get(name) ?? [];
  }

  /** By the last part of the callee: `load` for `load()` and `files.load()`. */
  #indexCalls(): Map<string, Call[]> {
    const index = new Map<string, Call[]>();
    for (const node of this.#root.findAll({ rule: { any: this.#dialect.callKinds.map((kind) => ({ kind })) } })) {
      const shape = this.shape(node);
      if (shape.kind !== 'call') continue;
      const name = shape.call.callee.slice(shape.call.callee.lastIndexOf('.') + 1);
      index.set(name, [...(index.get(name) ?? []), shape.call]);
    }
    return index;
  }

  #ownFunctions(callee: string): SgNode[] {
    this.#functions ??= this.#indexFunctions();
    return this.#functions.get(callee.replace(/^(this|self)\./, '')) ?? [];
  }

  #indexFunctions(): Map<string, SgNode[]> {
    const functions = this.#root.findAll({ rule: { any: this.#dialect.functionKinds.map((kind) => ({ kind })) } });
    const index = new Map<string, SgNode[]>();
    for (const fn of functions) {
      const name = this.#dialect.functionName(fn) ?? '';
      index.set(name, [...(index.get(name) ?? []), fn]);
    }
    return index;
  }

  #definitionsIn(scope: SgNode | undefined, name: string): Definition[] {
    this.#definitions ??= this.#indexDefinitions();
    const all = this.#definitions.get(name) ?? [];
    return all.filter((definition) => this.#enclosingFunctions(definition.node)[0]?.id() === scope?.id());
  }

  #indexDefinitions(): Map<string, Definition[]> {
    const nodes = this.#root.findAll({ rule: { any: this.#dialect.definitionKinds.map((kind) => ({ kind })) } });
    const index = new Map<string, Definition[]>();
    for (const definition of nodes.flatMap((node) => this.#dialect.definitions(node))) {
      index.set(definition.name, [...(index.get(definition.name) ?? []), definition]);
    }
    return index;
  }

  #enclosingFunctions(node: SgNode): SgNode[] {
    return node.ancestors().filter((ancestor) => this.#dialect.functionKinds.includes(kindOf(ancestor)));
  }
}

/** The most dangerous of the values, with the text of all. It is safe for what every one of those is safe for. */
function worst(values: readonly Value[]): Value {
  let level: Level = 'constant';
  for (const value of values) if (LEVELS.indexOf(value.level) > LEVELS.indexOf(level)) level = value.level;
  const dangerous = values.filter((value) => value.level === level);
  const safeFor = new Set(
    [...(dangerous[0]?.safeFor ?? [])].filter((sink) => dangerous.every((value) => value.safeFor.has(sink))),
  );
  return {
    level,
    text: values
      .map(({ text }) => text)
      .join(' ')
      .slice(0, 2000),
    safeFor,
  };
}
