import type { Budget } from './budget.ts';
import { CelFault } from './fault.ts';
import { libraryOperator, type CelFunction } from './functions.ts';
import {
  CelList,
  elementAt,
  fieldOf,
  isJsonObject,
  isList,
  isMap,
  keysOf,
  typeName,
  type CelMap,
  type CelValue,
} from './values.ts';
import type { Json } from '../../contracts/json.ts';

export type BinaryFunction = (left: CelValue, right: CelValue, budget: Budget) => CelValue;

const LARGEST_INT = 2n ** 63n - 1n;
const SMALLEST_INT = -(2n ** 63n);

/** The operators of CEL on the types that JSON has; int and double mix. Others are left to the library. */
export const BINARY_OPERATORS: Readonly<Record<string, BinaryFunction>> = {
  '+': add,
  '-': arithmetic(
    '-',
    (a, b) => a - b,
    (a, b) => a - b,
  ),
  '*': arithmetic(
    '*',
    (a, b) => a * b,
    (a, b) => a * b,
  ),
  '/': arithmetic(
    '/',
    (a, b) => a / nonZero(b),
    (a, b) => a / b,
  ),
  '%': arithmetic('%', (a, b) => a % nonZero(b)),
  '<': ordering('<', (a, b) => a < b),
  '<=': ordering('<=', (a, b) => a <= b),
  '>': ordering('>', (a, b) => a > b),
  '>=': ordering('>=', (a, b) => a >= b),
  '==': equals,
  '!=': (left, right, budget) => !equals(left, right, budget),
  in: contains,
};

export function negate(value: CelValue): CelValue {
  if (typeof value === 'bigint') return int(-value);
  if (typeof value === 'number') return -value;
  throw new CelFault(`"-" takes a number, not ${typeName(value)}`);
}

export function not(value: CelValue): boolean {
  if (typeof value === 'boolean') return !value;
  throw new CelFault(`"!" takes a bool, not ${typeName(value)}`);
}

type IntFunction = (left: bigint, right: bigint) => bigint;
type DoubleFunction = (left: number, right: number) => number;

function arithmetic(operator: string, onInts: IntFunction, onDoubles?: DoubleFunction): BinaryFunction {
  const others = otherTypes(operator);
  return (left, right, budget) => {
    if (typeof left === 'bigint' && typeof right === 'bigint') return int(onInts(left, right));
    if (onDoubles !== undefined && isNumber(left) && isNumber(right)) return onDoubles(Number(left), Number(right));
    return others(left, right, budget);
  };
}

const addNumbers = arithmetic(
  '+',
  (a, b) => a + b,
  (a, b) => a + b,
);

function add(left: CelValue, right: CelValue, budget: Budget): CelValue {
  if (typeof left === 'string' && typeof right === 'string') {
    budget.chargeString(left.length + right.length);
    return left + right;
  }
  if (isList(left) && isList(right)) return concatenate(left, right, budget);
  return addNumbers(left, right, budget);
}

function concatenate(left: unknown[], right: unknown[], budget: Budget): CelList {
  budget.chargeList(left.length + right.length);
  const list = CelList.ofLength(left.length + right.length);
  for (let index = 0; index < left.length; index += 1) list[index] = elementAt(left, index);
  for (let index = 0; index < right.length; index += 1) list[left.length + index] = elementAt(right, index);
  return list;
}

type Comparable = bigint | number | string | boolean;

function ordering(operator: string, compare: (left: Comparable, right: Comparable) => boolean): BinaryFunction {
  const others = otherTypes(operator);
  return (left, right, budget) => {
    const isComparable = (isNumber(left) && isNumber(right)) || (isOrdered(left) && typeof left === typeof right);
    return isComparable ? compare(left as Comparable, right as Comparable) : others(left, right, budget);
  };
}

/** Equal by value; int and double compare as numbers; values of different types are not equal. */
export function equals(left: CelValue, right: CelValue, budget: Budget): boolean {
  budget.charge(1);
  if (left === right) return true;
  // eslint-disable-next-line eqeqeq -- 1n == 1 is what CEL means
  if (isNumber(left) && isNumber(right)) return left == right;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (isList(left)) return isList(right) && equalLists(left, right, budget);
  if (isMap(left)) return isMap(right) && equalMaps(left, right, budget);
  return (
    !isList(right) &&
    !isMap(right) &&
    left.constructor === right.constructor &&
    libraryEquals()([left, right], budget) === true
  );
}

function equalLists(left: unknown[], right: unknown[], budget: Budget): boolean {
  if (left.length !== right.length) return false;
  return left.every((_, index) => equals(elementAt(left, index), elementAt(right, index), budget));
}

type AnyMap = CelMap | Record<string, Json>;

function equalMaps(left: AnyMap, right: AnyMap, budget: Budget): boolean {
  const keys = keysOf(left);
  if (keys.length !== keysOf(right).length) return false;
  return keys.every((key) => {
    const other = fieldOf(right, key);
    return other !== undefined && equals(fieldOf(left, key) ?? null, other, budget);
  });
}

function contains(value: CelValue, container: CelValue, budget: Budget): boolean {
  if (container === null) return false;
  if (isList(container)) return container.some((_, index) => equals(value, elementAt(container, index), budget));
  if (isMap(container)) return fieldOf(container, value) !== undefined;
  throw new CelFault(`"in" looks into a list or a map, not ${typeName(container)}`);
}

function int(value: bigint): bigint {
  if (value <= LARGEST_INT && value >= SMALLEST_INT) return value;
  throw new CelFault('Integer overflow: the result needs more than 64 bits');
}

function nonZero(value: bigint): bigint {
  if (value === 0n) throw new CelFault('Division by zero');
  return value;
}

function isNumber(value: CelValue): value is bigint | number {
  return typeof value === 'bigint' || typeof value === 'number';
}

function isOrdered(value: CelValue): boolean {
  return typeof value === 'string' || typeof value === 'boolean';
}

/** Timestamps, durations, unsigned integers, bytes: rare, so the library's program is made on first use. */
function otherTypes(operator: string): BinaryFunction {
  let library: CelFunction | undefined;
  return (left, right, budget) => {
    if (isJsonType(left) || isJsonType(right)) throw notDefined(operator, left, right);
    return (library ??= libraryOperator(operator))([left, right], budget);
  };
}

let equality: CelFunction | undefined;
function libraryEquals(): CelFunction {
  return (equality ??= libraryOperator('=='));
}

function isJsonType(value: CelValue): boolean {
  return typeof value !== 'object' || value === null || isList(value) || isJsonObject(value) || value instanceof Map;
}

function notDefined(operator: string, left: CelValue, right: CelValue): CelFault {
  const hint =
    left === null || right === null ? ': a node that did not succeed has the output null; ask "!= null" before' : '';
  return new CelFault(`"${operator}" is not defined for ${typeName(left)} and ${typeName(right)}${hint}`);
}
