import type { SgNode } from '@ast-grep/napi';

/** What an expression is, the same for every language: all that the data flow needs to know of a syntax tree. */
export type Shape =
  /** A value that is spelled out: string, number, boolean, null. `text` is a string's content. */
  | { readonly kind: 'literal'; readonly text: string }
  /** A string put together: template, `+`, f-string, `%`. `text` is its literal content. */
  | { readonly kind: 'built'; readonly text: string; readonly parts: readonly SgNode[] }
  /** One of several values, or a container of them. */
  | { readonly kind: 'any-of'; readonly parts: readonly SgNode[] }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'member'; readonly object: SgNode; readonly name: string }
  | { readonly kind: 'call'; readonly call: Call }
  /** Functions, classes and the like: no value that could carry an attack. */
  | { readonly kind: 'inert' }
  | { readonly kind: 'unknown' };

export interface Call {
  readonly node: SgNode;
  /** As imported: `child_process.exec` also where the source says `cp.exec` or `exec`. Whitespace removed. */
  readonly callee: string;
  readonly receiver: SgNode | undefined;
  readonly args: readonly SgNode[];
  /** Python's `name=value`. */
  readonly keywords: ReadonlyMap<string, SgNode>;
  readonly isNew: boolean;
}

/** A name that gets a value. */
export interface Definition {
  readonly name: string;
  readonly value: SgNode;
  /** True for `x += value`, which keeps what x had. */
  readonly appends: boolean;
  readonly node: SgNode;
}

/** What differs between languages. */
export interface Dialect {
  readonly functionKinds: readonly string[];
  readonly callKinds: readonly string[];
  /** Object creation, where it is no call. */
  readonly creationKinds: readonly string[];
  readonly returnKinds: readonly string[];
  readonly definitionKinds: readonly string[];
  /** `x++`, where it is no assignment. */
  readonly countingKinds: readonly string[];
  /** True where `7 / 2` is 3. */
  readonly dividesIntegers: boolean;
  /** Expressions whose text starts like this come from outside: request, location, … */
  readonly sources: RegExp;
  /** Calls whose result is harmless for every sink: numbers, digests, identifiers. */
  readonly neutralisers: RegExp;
  shape(node: SgNode, imports: Imports): Shape;
  /** `Call.callee` of a call or creation. */
  callee(node: SgNode, imports: Imports): string;
  definitions(node: SgNode): Definition[];
  /** Names of the parameters; undefined for one that has none (a pattern). */
  parameters(fn: SgNode): string[];
  /** True when nothing outside of the file can call `fn`. */
  isPrivate(fn: SgNode): boolean;
  /** True when `node` makes an empty list or map. */
  isNewCollection(node: SgNode): boolean;
  /** The function's own name. */
  functionName(fn: SgNode): string | undefined;
  /** True when the framework passes what the caller sent into parameter `name` of `fn` (routes, annotations). */
  isHandlerParameter(fn: SgNode, name: string): boolean;
}

/** Local name → what was imported under it (`cp` → `child_process`, `exec` → `child_process.exec`). */
export type Imports = ReadonlyMap<string, string>;

const LONGEST_CALLEE = 200;

/** Of a long chain the first name and the last matter. */
function shorten(path: string): string {
  if (path.length <= LONGEST_CALLEE) return path;
  return path.slice(0, LONGEST_CALLEE / 2) + path.slice(-LONGEST_CALLEE / 2);
}

/** The dotted path of a callee with its first name replaced by what was imported under it. */
export function canonical(path: string, imports: Imports): string {
  const compact = shorten(path).replace(/\s+|\?(?=\.)/g, '');
  const required = /^require\(['"](?:node:)?([^'"]+)['"]\)/.exec(compact);
  if (required !== null) return (required[1] ?? '') + compact.slice(required[0].length);
  const first = /^[\w$]+/.exec(compact)?.[0];
  const imported = first === undefined ? undefined : imports.get(first);
  return imported === undefined || first === undefined ? compact : imported + compact.slice(first.length);
}

/** ast-grep types kinds by grammar; the grammars here are known at run time only. */
export function kindOf(node: SgNode): string {
  return node.kind() as string;
}
