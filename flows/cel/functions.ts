import { EvaluationError } from '@marcbachmann/cel-js';
import { compilePattern } from '../pattern.ts';
import type { Budget } from './budget.ts';
import { CelFault } from './fault.ts';
import { faultOf, libraryProgram, type LibraryProgram } from './language.ts';
import { elementAt, fromJson, isJsonObject, isList, isMap, keysOf, typeName, type CelValue } from './values.ts';

export type CelFunction = (values: readonly CelValue[], budget: Budget) => CelValue;

/**
 * The function or method of this name. `size` and `matches` are ours (the first because it needs no conversion of a
 * large list, the second because the library's can be made to backtrack for minutes); the others are the library's.
 */
export function functionOf(name: string, isMethod: boolean, count: number): CelFunction {
  if (name === 'size' && count === 1) return ([value]) => sizeOf(value ?? null);
  if (name === 'dyn' && count === 1) return ([value]) => value ?? null;
  if (name === 'matches' && isMethod && count === 2) return ([text, pattern], budget) => matches(text, pattern, budget);
  return libraryFunction(name, isMethod, count);
}

/** An operator on timestamps, durations, bytes and other types that JSON does not have. */
export function libraryOperator(operator: string): CelFunction {
  return libraryCall(libraryProgram(`a0 ${operator} a1`), 10);
}

function libraryFunction(name: string, isMethod: boolean, count: number): CelFunction {
  const names = Array.from({ length: count }, (_, index) => `a${index}`);
  const source = isMethod ? `a0.${name}(${names.slice(1).join(', ')})` : `${name}(${names.join(', ')})`;
  // fields of a timestamp in a time zone go through Intl, 30 µs each
  return libraryCall(libraryProgram(source), name.startsWith('get') ? 300 : 10);
}

function libraryCall(program: LibraryProgram, cost: number): CelFunction {
  return (values, budget) => {
    budget.charge(cost);
    const [first = null, second] = values;
    // what join puts between the elements
    if (isList(first) && typeof second === 'string') budget.chargeString(first.length * second.length);
    const variables = Object.fromEntries(values.map((value, index) => [`a${index}`, toLibrary(value, budget)]));
    return charged(callLibrary(program, variables), budget);
  };
}

function callLibrary(program: LibraryProgram, variables: Record<string, unknown>): CelValue {
  try {
    return program(variables) as CelValue;
  } catch (error) {
    if (error instanceof EvaluationError)
      throw new CelFault(readable(faultOf(error).message), undefined, { cause: error });
    throw new CelFault(error instanceof Error ? error.message : 'A function failed', undefined, { cause: error });
  }
}

/** The library tells types in its own words: `dyn<string>` is a string to users. */
function readable(message: string): string {
  return message.replace(/dyn<(\w+)>/g, '$1');
}

function charged(value: CelValue, budget: Budget): CelValue {
  if (typeof value === 'string') budget.chargeString(value.length);
  if (isList(value)) budget.chargeList(value.length);
  return value;
}

/** The library takes integers as bigint all the way down. */
function toLibrary(value: CelValue, budget: Budget): unknown {
  if (typeof value === 'string') budget.chargeString(value.length);
  if (isList(value)) {
    budget.chargeList(value.length);
    return Array.from({ length: value.length }, (_, index) => toLibrary(elementAt(value, index), budget));
  }
  if (value instanceof Map)
    return new Map([...value].map(([key, child]) => [key, toLibrary(child as CelValue, budget)]));
  if (!isJsonObject(value)) return value;
  budget.chargeList(Object.keys(value).length);
  return new Map(Object.entries(value).map(([key, child]) => [key, toLibrary(fromJson(child), budget)]));
}

function sizeOf(value: CelValue): bigint {
  if (typeof value === 'string') return BigInt([...value].length);
  if (isList(value)) return BigInt(value.length);
  if (value instanceof Uint8Array) return BigInt(value.length);
  if (isMap(value)) return BigInt(value instanceof Map ? value.size : keysOf(value).length);
  throw new CelFault(`size() takes a string, a list or a map, not ${typeName(value)}`);
}

function matches(text: CelValue | undefined, pattern: CelValue | undefined, budget: Budget): boolean {
  if (typeof text !== 'string' || typeof pattern !== 'string') {
    throw new CelFault(`matches() takes strings, not ${typeName(text ?? null)} and ${typeName(pattern ?? null)}`);
  }
  // linear, but slower for longer patterns
  budget.charge(20 + text.length * (1 + (pattern.length >> 3)));
  try {
    return compilePattern(pattern).matcher(text).find();
  } catch (error) {
    throw new CelFault(
      `Invalid pattern ${JSON.stringify(pattern)}: ${error instanceof Error ? error.message : ''}`,
      undefined,
      { cause: error },
    );
  }
}
