import type { SgNode } from '@ast-grep/napi';
import { chanceOf } from './branches.ts';
import { Collections } from './collections.ts';
import { Constants } from './constants.ts';
import { SANITISERS, asksOutside, isConstantName, isTypeName, passesThrough } from './knowledge.ts';
import { isSurelyGiven, reaching } from './reaching.ts';
import { Scopes } from './scopes.ts';
import { kindOf, type Call, type Definition, type Dialect, type Imports, type Shape } from './shape.ts';

/** How dangerous a value is, least first. */
export const LEVELS = ['constant', 'derived', 'unknown', 'built', 'tainted'] as const;
export type Level = (typeof LEVELS)[number];

/** What the flow found out about an expression. */
export interface Value {
  /**
   * `derived`: what somebody's function makes of constants; `unknown`: from a variable that nobody explains; `built`: a
   * string made with such; `tainted`: from outside.
   */
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
/** Enough for real code, well within the stack; cycles end by themselves. */
const DEEPEST = 60;
/** More nodes than one value of real code comes from. */
const MOST_BEHIND = 400;
/** Through how many calls of the file's own functions a parameter is followed back. */
const MOST_CALLERS = 5;

/**
 * Follows values inside one file: through assignments, string building, calls of the file's own functions and their
 * parameters. Not a proof in either direction: where it cannot see, it says `unknown`.
 */
export class Flow {
  readonly #root: SgNode;
  readonly #dialect: Dialect;
  readonly #imports: Imports;
  readonly #scopes: Scopes;
  readonly #constants: Constants;
  readonly #collections: Collections;
  #callersFollowed = 0;
  #calls: Map<string, Call[]> | undefined;
  readonly #known = new Map<number, Value>();

  constructor(root: SgNode, dialect: Dialect, imports: Imports) {
    this.#root = root;
    this.#dialect = dialect;
    this.#imports = imports;
    this.#scopes = new Scopes(root, dialect);
    this.#constants = new Constants(this.#scopes, dialect);
    this.#collections = new Collections(this.#scopes, dialect, this.#constants);
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

  /** True when a value is text: spelled out, put together, or a name that was given such. */
  isText(node: SgNode): boolean {
    const shape = this.shape(node);
    if (shape.kind !== 'name') return shape.kind === 'built' || shape.kind === 'literal';
    return this.#definitionsOf(node, shape.name).some(({ value }) =>
      ['built', 'literal'].includes(this.shape(value).kind),
    );
  }

  /** What a list holds: its items, or, of a name, all that it was given; anything else is its own item. */
  itemsOf(node: SgNode): SgNode[] {
    const shape = this.shape(node);
    if (shape.kind === 'any-of') return [...shape.parts];
    if (shape.kind !== 'name') return [node];
    return this.#definitionsOf(node, shape.name).flatMap(({ value }) =>
      value.is('identifier') ? [value] : this.itemsOf(value),
    );
  }

  /** The calls that a value is made with, directly or by way of names and of the file's own functions. */
  callsBehind(node: SgNode): Call[] {
    const calls: Call[] = [];
    const seen = new Set<number>();
    const waiting = [node];
    for (let next = waiting.pop(); next !== undefined && seen.size < MOST_BEHIND; next = waiting.pop()) {
      if (seen.has(next.id())) continue;
      seen.add(next.id());
      const shape = this.shape(next);
      if (shape.kind === 'call') calls.push(shape.call);
      waiting.push(...this.#partsOf(next, shape));
    }
    return calls;
  }

  /** What the value of a node is made of, one step back. */
  #partsOf(node: SgNode, shape: Shape): readonly SgNode[] {
    switch (shape.kind) {
      case 'built':
      case 'any-of':
        return shape.parts;
      case 'member':
        return [shape.object];
      case 'call':
        return [
          ...shape.call.args,
          ...(shape.call.receiver === undefined ? [] : [shape.call.receiver]),
          ...this.#ownFunctions(shape.call).flatMap((fn) => this.#returned(fn)),
        ];
      case 'name':
        return this.#definitionsOf(node, shape.name).map(({ value }) => value);
      case 'literal':
      case 'inert':
      case 'unknown':
        return [];
    }
  }

  /** In the nearest scope that has any. */
  #definitionsOf(node: SgNode, name: string): readonly Definition[] {
    for (const scope of [...this.#scopes.enclosingFunctions(node), undefined]) {
      const definitions = this.#definitionsBefore(node, name, scope);
      if (definitions.length > 0) return definitions;
    }
    return [];
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
        return this.#worstOf(
          shape.parts.filter((part) => this.#mayBe(node, part)),
          depth,
        );
      case 'call':
        return this.#call(shape.call, depth);
      case 'member':
        return this.#member(node, shape, depth);
      case 'name':
        return this.#name(node, shape.name, depth);
      case 'unknown':
        return UNKNOWN;
    }
  }

  #worstOf(nodes: readonly SgNode[], depth: number): Value {
    return worst(nodes.map((node) => this.trace(node, depth + 1)));
  }

  /** False for the branch of a conditional expression that is never taken. */
  #mayBe(node: SgNode, part: SgNode): boolean {
    return part.parent()?.id() !== node.id() || chanceOf(node, part, this.#constants) !== 'never';
  }

  #build({ text, parts }: { text: string; parts: readonly SgNode[] }, depth: number): Value {
    const values = parts.map((part) => this.trace(part, depth + 1));
    const { level, safeFor } = worst(values);
    const whole = [text, ...values.map((value) => value.text)].join(' ');
    return { level: level === 'unknown' ? 'built' : level, text: whole, safeFor };
  }

  #member(node: SgNode, { object, name }: { object: SgNode; name: string }, depth: number): Value {
    if (this.#dialect.sources.test(node.text().slice(0, 200))) return TAINTED;
    if (isConstantName(name) || name === 'length') return CONSTANT;
    const taken = this.#collections.takenByIndex(node);
    if (taken !== undefined) return this.#worstOf(taken, depth);
    const value = this.trace(object, depth + 1);
    return value.level === 'built' || value.level === 'constant' ? UNKNOWN : value;
  }

  #call(call: Call, depth: number): Value {
    if (this.#dialect.neutralisers.test(call.callee)) return CONSTANT;
    if (this.#dialect.sources.test(call.node.text().slice(0, 200)) || this.#asksWrappedRequest(call)) return TAINTED;
    const shaped = this.#valueOfListCall(call, depth);
    if (shaped !== undefined) return shaped;
    const taken = this.#collections.takenByCall(call);
    if (taken !== undefined) return this.#worstOf(taken, depth);
    const own = this.#ownFunctions(call);
    const subject = call.receiver !== undefined && isTypeName(call.receiver.text()) ? undefined : call.receiver;
    const inputs = [...call.args, ...call.keywords.values(), ...(subject === undefined ? [] : [subject])];
    const values = inputs.map((input) => this.trace(input, depth + 1));
    const sanitiser = SANITISERS.find(({ callee }) => callee.test(call.callee));
    if (sanitiser !== undefined) return { ...worst(values), safeFor: new Set(sanitiser.safeFor) };
    if (own.length > 0) return worst(own.flatMap((fn) => this.#returns(fn, depth + 1)));
    const value = worst(values);
    if (value.level === 'unknown' || !passesThrough(call.callee)) return UNKNOWN;
    if (value.level === 'tainted' || value.level === 'built') return value;
    return asksOutside(call.callee) ? UNKNOWN : this.#derived(call, subject, value);
  }

  /** What a call makes of constants: of a constant's own method a constant, of a function's without arguments nobody knows. */
  #derived({ args, receiver, isNew }: Call, subject: SgNode | undefined, value: Value): Value {
    if (subject !== undefined) return value;
    return args.length === 0 && receiver === undefined && !isNew ? UNKNOWN : { ...value, level: 'derived' };
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
    const returned = this.#returned(fn);
    return returned.length === 0 ? [UNKNOWN] : returned.map((expression) => this.trace(expression, depth));
  }

  /** The expressions that a function may give back; the body itself for `x => x + 1`. */
  #returned(fn: SgNode): SgNode[] {
    const body = fn.field('body');
    if (body === null) return [];
    const returned = fn
      .findAll({ rule: { any: this.#dialect.returnKinds.map((kind) => ({ kind })) } })
      .flatMap((statement) => statement.namedChildren());
    return returned.length > 0 ? returned : [body];
  }

  #name(node: SgNode, name: string, depth: number): Value {
    if (this.#dialect.sources.test(name)) return TAINTED;
    for (const scope of [...this.#scopes.enclosingFunctions(node), undefined]) {
      const definitions = this.#definitionsBefore(node, name, scope);
      const given = definitions.length > 0 ? [this.#combine(definitions, depth)] : [];
      const isParameter = scope !== undefined && this.#dialect.parameters(scope).includes(name);
      if (isParameter && !isSurelyGiven(node, definitions, this.#constants))
        return worst([...given, this.#parameter(scope, name, depth)]);
      if (given[0] !== undefined) return given[0];
    }
    return isConstantName(name) || this.#imports.has(name) ? { ...CONSTANT, text: '' } : UNKNOWN;
  }

  /** In a function what comes before counts, and of that what is not replaced; in the file itself everything does. */
  #definitionsBefore(use: SgNode, name: string, scope: SgNode | undefined): readonly Definition[] {
    const all = this.#scopes.definitionsIn(scope, name);
    if (scope === undefined) return all;
    const position = use.range().start.index;
    const before = all.filter(({ value }) => value.range().end.index <= position);
    return reaching(use, before, this.#constants);
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
    if (own === undefined || this.#callersFollowed >= MOST_CALLERS) return UNKNOWN;
    const index = this.#dialect.parameters(fn).indexOf(name);
    const passed = this.#callsOf(own).flatMap(({ args }) => args[index] ?? []);
    this.#callersFollowed++;
    const value = this.#worstOf(passed, depth);
    this.#callersFollowed--;
    return passed.length > 0 && this.#dialect.isPrivate(fn) ? value : worst([UNKNOWN, value]);
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

  /** The functions of this file that a call means: by its bare name, or as a method of one of the file's classes. */
  #ownFunctions({ callee, receiver }: Call): readonly SgNode[] {
    const direct = this.#scopes.functionsNamed(callee.replace(/^(this|self)\./, ''));
    if (direct.length > 0 || receiver === undefined) return direct;
    const methods = this.#scopes.functionsNamed(callee.slice(callee.lastIndexOf('.') + 1));
    if (methods.length === 0) return methods;
    const type = this.#typeOf(receiver);
    return methods.filter((method) => type !== undefined && classAround(method) === type);
  }

  /** The class of `new X()`, of `X` itself, and of a variable that holds such an object. */
  #typeOf(node: SgNode): string | undefined {
    const made = this.#creation(node);
    return made?.callee.replace(/^new:/, '') ?? (node.is('identifier') ? node.text() : undefined);
  }

  #creation(node: SgNode): Call | undefined {
    const shape = this.shape(node);
    if (shape.kind === 'any-of' && shape.parts.length === 1 && shape.parts[0] !== undefined)
      return this.#creation(shape.parts[0]);
    if (shape.kind === 'call') return shape.call;
    if (shape.kind !== 'name') return undefined;
    const [scope] = this.#scopes.enclosingFunctions(node);
    const [only, ...others] = this.#definitionsBefore(node, shape.name, scope);
    const value = only === undefined || others.length > 0 ? undefined : this.shape(only.value);
    return value?.kind === 'call' ? value.call : undefined;
  }

  /** An object made around the request hands out what the request sent. */
  #asksWrappedRequest({ callee, receiver }: Call): boolean {
    if (receiver?.is('identifier') !== true || !/\.get\w*$/i.test(callee)) return false;
    const made = this.#creation(receiver);
    const wraps = made !== undefined && (made.isNew || /wrap|request/i.test(made.callee));
    return wraps && made.args.some((argument) => REQUEST.test(argument.text()));
  }
}

const REQUEST = /^(\w*[rR]eq(uest)?)$/;

/** The name of the class that a method stands in. */
function classAround(method: SgNode): string | undefined {
  const around = method.ancestors().find((ancestor) => CLASS.test(kindOf(ancestor)));
  return around === undefined ? undefined : nameOf(around);
}

function nameOf(node: SgNode): string | undefined {
  return node.field('name')?.text();
}

const CLASS = /^(class_declaration|class_definition|class|record_declaration|enum_declaration)$/;

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
