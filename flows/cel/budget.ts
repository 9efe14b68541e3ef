import { CelFault } from './fault.ts';

/**
 * What one evaluation may do. CEL has no loops, but `a.map(x, b.map(y, …))` over lists of 1,000 is a million steps,
 * and nothing else stops a worker's event loop from being held. One step is about 0.1 µs of work.
 */
export const EVALUATION_STEPS = 1_000_000;

/** Characters of one string, elements of one list. As large as the largest output of an agent. */
export const LONGEST_STRING = 16 * 1024 * 1024;
export const LONGEST_LIST = 100_000;

export class Budget {
  #left: number;

  constructor(steps: number = EVALUATION_STEPS) {
    this.#left = steps;
  }

  /** Takes `steps` off the budget. @throws CelFault when it is used up. */
  charge(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) throw tooMuch(`more than ${EVALUATION_STEPS} steps: work on smaller lists`);
  }

  chargeList(length: number): void {
    if (length > LONGEST_LIST) throw tooMuch(`a list of ${length} elements (limit ${LONGEST_LIST})`);
    this.charge(1 + length);
  }

  /** Strings are copied fast: 64 characters count as one step. */
  chargeString(length: number): void {
    if (length > LONGEST_STRING) throw tooMuch(`a string of ${length} characters (limit ${LONGEST_STRING})`);
    this.charge(1 + (length >> 6));
  }
}

function tooMuch(what: string): CelFault {
  return new CelFault(`The expression costs too much: ${what}`, undefined, { final: true });
}
