import type { Budget } from './budget.ts';
import { CelFault } from './fault.ts';
import { CelList, elementAt, isList, isMap, keysOf, typeName, type CelValue } from './values.ts';

/** One round of a macro: the value of its body for one element. */
export type Round = (element: CelValue) => CelValue;

/** `list.map(x, …)`, `filter`, `all`, `exists`, `exists_one`; over a map they go through its keys. */
export type Macro = (container: CelValue, round: Round, budget: Budget, filter?: Round) => CelValue;

export const MACROS: Readonly<Record<string, Macro>> = {
  map(container, transform, budget, filter) {
    const result = new CelList();
    for (const element of elementsOf(container, 'map', budget)) {
      if (filter === undefined || isTrue(filter(element), 'map')) result.push(transform(element));
    }
    return result;
  },
  filter(container, predicate, budget) {
    const result = new CelList();
    for (const element of elementsOf(container, 'filter', budget)) {
      if (isTrue(predicate(element), 'filter')) result.push(element);
    }
    return result;
  },
  all: (container, predicate, budget) => !decides(container, predicate, budget, 'all', false),
  exists: (container, predicate, budget) => decides(container, predicate, budget, 'exists', true),
  exists_one(container, predicate, budget) {
    let count = 0;
    for (const element of elementsOf(container, 'exists_one', budget)) {
      if (isTrue(predicate(element), 'exists_one')) count += 1;
    }
    return count === 1;
  },
};

/** True when one element gives `wanted`. As with `||`, an error on another element counts only when none does. */
function decides(container: CelValue, predicate: Round, budget: Budget, name: string, wanted: boolean): boolean {
  let fault: CelFault | undefined;
  for (const element of elementsOf(container, name, budget)) {
    try {
      if (isTrue(predicate(element), name) === wanted) return true;
    } catch (error) {
      if (!(error instanceof CelFault) || error.final) throw error;
      fault ??= error;
    }
  }
  if (fault !== undefined) throw fault;
  return false;
}

/** The elements, each charged as it is reached. A field of null is null, and null has no elements. */
function* elementsOf(container: CelValue, name: string, budget: Budget): Generator<CelValue> {
  const list = listOf(container, name);
  for (let index = 0; index < list.length; index += 1) {
    budget.charge(2);
    yield elementAt(list, index);
  }
}

function listOf(container: CelValue, name: string): readonly unknown[] {
  if (isList(container)) return container;
  if (isMap(container)) return CelList.from(keysOf(container));
  if (container === null) return [];
  throw new CelFault(`${name}() goes through a list or a map, not ${typeName(container)}`);
}

function isTrue(value: CelValue, name: string): boolean {
  if (typeof value === 'boolean') return value;
  throw new CelFault(`The condition of ${name}() must be bool, not ${typeName(value)}`);
}
