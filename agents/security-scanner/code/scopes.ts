import type { SgNode } from '@ast-grep/napi';
import { kindOf, type Definition, type Dialect } from './shape.ts';

/** The functions of one file and the names that get values in them. Looked up once and remembered. */
export class Scopes {
  readonly #root: SgNode;
  readonly #dialect: Dialect;
  readonly #enclosing = new Map<number, readonly SgNode[]>();
  readonly #inScope = new Map<string, readonly Definition[]>();
  #definitions: Map<string, Definition[]> | undefined;
  #functions: Map<string, SgNode[]> | undefined;

  constructor(root: SgNode, dialect: Dialect) {
    this.#root = root;
    this.#dialect = dialect;
  }

  /** The functions around `node`, the nearest first. */
  enclosingFunctions(node: SgNode): readonly SgNode[] {
    const known = this.#enclosing.get(node.id());
    if (known !== undefined) return known;
    const found = node.ancestors().filter((ancestor) => this.#dialect.functionKinds.includes(kindOf(ancestor)));
    this.#enclosing.set(node.id(), found);
    return found;
  }

  /** Where `name` gets a value in `scope` itself, not in functions inside of it; undefined is the file. In their order. */
  definitionsIn(scope: SgNode | undefined, name: string): readonly Definition[] {
    const key = `${String(scope?.id())} ${name}`;
    const known = this.#inScope.get(key);
    if (known !== undefined) return known;
    this.#definitions ??= this.#indexDefinitions();
    const all = this.#definitions.get(name) ?? [];
    const found = all.filter(({ node }) => this.enclosingFunctions(node)[0]?.id() === scope?.id());
    this.#inScope.set(key, found);
    return found;
  }

  /** The file's own functions of that name. */
  functionsNamed(name: string): readonly SgNode[] {
    this.#functions ??= this.#indexFunctions();
    return this.#functions.get(name) ?? [];
  }

  #indexDefinitions(): Map<string, Definition[]> {
    const nodes = this.#root.findAll({ rule: { any: this.#dialect.definitionKinds.map((kind) => ({ kind })) } });
    const index = new Map<string, Definition[]>();
    for (const definition of nodes.flatMap((node) => this.#dialect.definitions(node))) {
      index.set(definition.name, [...(index.get(definition.name) ?? []), definition]);
    }
    return index;
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
}
