import type { ASTNode } from '@marcbachmann/cel-js';
import { FORBIDDEN_NAMES } from './access.ts';
import type { Budget } from './budget.ts';
import { CelFault } from './fault.ts';
import type { Round } from './macros.ts';
import type { Scope } from './scope.ts';
import { CelList, keyText, typeName, type CelValue } from './values.ts';

/** The state of one evaluation. `locals` are the variables of macros, by slot. */
export interface Frame {
  readonly scope: Scope;
  readonly locals: CelValue[];
  readonly budget: Budget;
}

export type Thunk = (frame: Frame) => CelValue;

export function round(thunk: Thunk, slot: number, frame: Frame): Round {
  return (element) => {
    frame.locals[slot] = element;
    return thunk(frame);
  };
}

export function constant(value: CelValue): Thunk {
  return () => value;
}

/** Faults from below get the position of the innermost piece of source that they came from. */
export function located(start: number, thunk: Thunk): Thunk {
  return (frame) => {
    try {
      return thunk(frame);
    } catch (error) {
      if (!(error instanceof CelFault) || error.at !== undefined) throw error;
      throw new CelFault(error.message, start, { final: error.final, cause: error.cause });
    }
  };
}

export function listOf(elements: readonly Thunk[]): Thunk {
  return (frame) => {
    frame.budget.charge(elements.length);
    const list = CelList.ofLength(elements.length);
    elements.forEach((element, index) => (list[index] = element(frame)));
    return list;
  };
}

export function mapOf(entries: readonly (readonly [Thunk, Thunk])[], node: ASTNode): Thunk {
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

export function ternary(condition: Thunk, yes: Thunk, no: Thunk, node: ASTNode): Thunk {
  return (frame) => (bool(condition(frame), 'The condition of "? :"', node) ? yes(frame) : no(frame));
}

/** `||` and `&&`: an error on one side counts only when the other side does not decide. */
export function logical(isOr: boolean, left: Thunk, right: Thunk, node: ASTNode): Thunk {
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

export function unary(operator: (value: CelValue) => CelValue, operand: Thunk, node: ASTNode): Thunk {
  return located(node.start, (frame) => operator(operand(frame)));
}

function bool(value: CelValue, what: string, node: ASTNode): boolean {
  if (typeof value === 'boolean') return value;
  throw new CelFault(`${what} must be bool, not ${typeName(value)}`, node.start);
}
