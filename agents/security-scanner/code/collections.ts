import type { SgNode } from '@ast-grep/napi';
import type { Constant, Constants } from './constants.ts';
import { chanceBefore, pathOf, reaching } from './reaching.ts';
import type { Scopes } from './scopes.ts';
import { kindOf, type Call, type Dialect } from './shape.ts';

/** What a statement does to a list or a map. */
type Change =
  | { readonly does: 'store'; readonly keys: readonly SgNode[]; readonly value: SgNode }
  | { readonly does: 'append'; readonly value: SgNode }
  | { readonly does: 'insert'; readonly at: SgNode; readonly value: SgNode }
  | { readonly does: 'remove'; readonly at: SgNode | undefined }
  | { readonly does: 'clear' };

const STORE = /^(put|set|setProperty|__setitem__)$/;
const APPEND = /^(add|append|push|addLast|addElement|offer)$/;
const REMOVE = /^(remove|pop|removeAt)$/;
const TAKE = /^(get|getProperty|getOrDefault|elementAt|pop|remove|at)$/;
/** Asks only, or prepares a place. */
const LOOKS =
  /^(size|length|isEmpty|contains|containsKey|containsValue|has|has_section|has_option|add_section|keys|indexOf)$/;
const SUBSCRIPT = /^(subscript|subscript_expression|array_access)$/;

/** Follows what is put into the lists and maps of a function, entry by entry, for as long as nobody else has them. */
export class Collections {
  readonly #scopes: Scopes;
  readonly #dialect: Dialect;
  readonly #constants: Constants;

  constructor(scopes: Scopes, dialect: Dialect, constants: Constants) {
    this.#scopes = scopes;
    this.#dialect = dialect;
    this.#constants = constants;
  }

  /** The values that `map.get(key)` may give; undefined where that is no such call or the collection went elsewhere. */
  takenByCall({ callee, receiver, args, node }: Call): readonly SgNode[] | undefined {
    if (receiver === undefined || args.length === 0 || !TAKE.test(callee.slice(callee.lastIndexOf('.') + 1)))
      return undefined;
    return this.#taken(receiver, args, node);
  }

  /** The same for `map[key]`. */
  takenByIndex(node: SgNode): readonly SgNode[] | undefined {
    const [collection, key] = subscript(node);
    return SUBSCRIPT.test(kindOf(node)) && collection !== null && key !== null
      ? this.#taken(collection, [key], node)
      : undefined;
  }

  #taken(collection: SgNode, keys: readonly SgNode[], use: SgNode): readonly SgNode[] | undefined {
    const changes = this.#changesBefore(collection, use);
    if (changes === undefined) return undefined;
    return changes.every(({ change }) => change.does === 'store')
      ? this.#stored(changes, keys)
      : this.#listed(changes, keys);
  }

  /** Of a map: the last value surely stored under the key, and what may have been stored under it since. */
  #stored(changes: readonly Happened[], wanted: readonly SgNode[]): SgNode[] {
    let values: SgNode[] = [];
    for (const { change, surely } of changes) {
      if (change.does !== 'store') continue;
      const same = this.#sameKey(change.keys, wanted);
      if (same === 'never') continue;
      if (same === 'always' && surely) values = [];
      values.push(change.value);
    }
    return values;
  }

  #sameKey(stored: readonly SgNode[], wanted: readonly SgNode[]): 'always' | 'sometimes' | 'never' {
    const pairs = stored.map(
      (key, at) => [this.#constants.evaluate(key), this.#constants.evaluate(wanted[at])] as const,
    );
    if (pairs.some(([one, other]) => one !== undefined && other !== undefined && one !== other)) return 'never';
    return pairs.every(([one]) => one !== undefined) && pairs.every(([, other]) => other !== undefined)
      ? 'always'
      : 'sometimes';
  }

  /** Of a list: the one at the index where every step is known, else all that were ever put in. */
  #listed(changes: readonly Happened[], [index]: readonly SgNode[]): SgNode[] {
    const all = changes.flatMap(({ change }) => ('value' in change ? [change.value] : []));
    const at = this.#constants.evaluate(index);
    if (typeof at !== 'number' || changes.some(({ surely }) => !surely)) return all;
    const list: SgNode[] = [];
    for (const { change } of changes) if (!apply(change, list, this.#constants)) return all;
    const chosen = list.at(at);
    return chosen === undefined ? all : [chosen];
  }

  /** What happened to the collection between its making and `use`; undefined when others may have changed it. */
  #changesBefore(collection: SgNode, use: SgNode): Happened[] | undefined {
    const [scope] = this.#scopes.enclosingFunctions(use);
    if (scope === undefined || !collection.is('identifier')) return undefined;
    const name = collection.text();
    const position = use.range().start.index;
    const given = this.#scopes
      .definitionsIn(scope, name)
      .filter(({ appends, value }) => !appends && value.range().end.index <= position);
    const [made, ...others] = reaching(use, given, this.#constants);
    if (made === undefined || others.length > 0 || !this.#dialect.isNewCollection(made.value)) return undefined;
    const around = pathOf(use);
    const born = made.value.range().end.index;
    const changes: Happened[] = [];
    for (const mention of mentions(scope, name)) {
      const { start } = mention.range();
      if (start.index < born || start.index >= position || around.has(mention.id())) continue;
      const change = this.#changeAt(mention);
      if (change === 'none') continue;
      if (change === undefined) return undefined;
      const chance = chanceBefore(mention, around, this.#constants);
      if (chance !== 'never') changes.push({ change, surely: chance === 'always' });
    }
    return changes;
  }

  /** What is done to the collection where its name stands; undefined when it is handed to somebody. */
  #changeAt(mention: SgNode): Change | 'none' | undefined {
    const parent = mention.parent();
    if (parent === null) return undefined;
    if (SUBSCRIPT.test(kindOf(parent))) return storedByIndex(parent);
    const node = this.#dialect.callKinds.includes(kindOf(parent)) ? parent : parent.parent();
    if (node === null || !this.#dialect.callKinds.includes(kindOf(node))) return undefined;
    return changeByCall(node, mention, this.#dialect);
  }
}

interface Happened {
  readonly change: Change;
  readonly surely: boolean;
}

function mentions(scope: SgNode, name: string): SgNode[] {
  return scope.findAll({ rule: { kind: 'identifier', regex: `^${name.replaceAll('$', '\\$')}$` } });
}

function subscript(node: SgNode): [collection: SgNode | null, key: SgNode | null] {
  return [
    node.field('value') ?? node.field('object') ?? node.field('array'),
    node.field('subscript') ?? node.field('index'),
  ];
}

function storedByIndex(node: SgNode): Change | 'none' {
  const parent = node.parent();
  const [, key] = subscript(node);
  if (parent === null || key === null || parent.field('left')?.id() !== node.id()) return 'none';
  const value = parent.field('right');
  if (value === null) return 'none';
  return { does: 'store', keys: [key], value };
}

function changeByCall(node: SgNode, mention: SgNode, dialect: Dialect): Change | 'none' | undefined {
  const callee = dialect.callee(node, new Map());
  const method = callee.slice(callee.lastIndexOf('.') + 1);
  if (callee !== `${mention.text()}.${method}`) return undefined;
  const args = node.field('arguments')?.namedChildren() ?? [];
  const [first, last] = [args[0], args.at(-1)];
  if (STORE.test(method) && last !== undefined && args.length > 1)
    return { does: 'store', keys: args.slice(0, -1), value: last };
  if (APPEND.test(method) && first !== undefined && args.length === 1) return { does: 'append', value: first };
  if ((method === 'add' || method === 'insert') && first !== undefined && last !== undefined && args.length === 2)
    return { does: 'insert', at: first, value: last };
  if (REMOVE.test(method)) return { does: 'remove', at: first };
  if (method === 'clear') return { does: 'clear' };
  return LOOKS.test(method) || TAKE.test(method) ? 'none' : undefined;
}

/** Does to `list` what the program does to its own; false when nobody can say what that is. */
function apply(change: Change, list: SgNode[], constants: Constants): boolean {
  switch (change.does) {
    case 'append':
      list.push(change.value);
      return true;
    case 'clear':
      list.length = 0;
      return true;
    case 'store':
      return replaceAt(list, constants.evaluate(change.keys[0]), 1, [change.value]);
    case 'insert':
      return replaceAt(list, constants.evaluate(change.at), 0, [change.value]);
    case 'remove':
      return replaceAt(list, change.at === undefined ? -1 : constants.evaluate(change.at), 1, []);
  }
}

function replaceAt(list: SgNode[], at: Constant | undefined, count: number, values: readonly SgNode[]): boolean {
  if (typeof at !== 'number') return false;
  list.splice(at, count, ...values);
  return true;
}
