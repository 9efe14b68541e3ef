import { Environment, ParseError, type ASTNode } from '@marcbachmann/cel-js';
import { CelFault } from './fault.ts';

/**
 * The language of expressions: the library's grammar, types and functions. Evaluating its syntax tree is ours
 * (program.ts), because the library can neither treat a field of null as null, nor take JSON's integers without
 * converting every output ahead, nor be stopped: three nested `map` over 1,000 elements hold it for minutes.
 */
const environment = withMixedNumbers(
  new Environment({
    unlistedVariablesAreDyn: true,
    homogeneousAggregateLiterals: false,
    limits: { maxAstNodes: 20_000, maxDepth: 100, maxListElements: 2_000, maxMapEntries: 2_000, maxCallArguments: 16 },
  }),
);

/** So that its type check lets int and double mix, as our operators do. */
function withMixedNumbers(base: Environment): Environment {
  for (const operator of ['+', '-', '*', '/']) {
    base.registerOperator(`int ${operator} double`, () => 0);
    base.registerOperator(`double ${operator} int`, () => 0);
  }
  return base;
}

/** Parses and checks. @throws CelFault with the position of what is wrong. */
export function parse(source: string): ASTNode {
  const tree = parseTree(source);
  const { valid, error } = environment.check(source);
  if (!valid && error !== undefined && isCertain(error)) throw faultOf(error);
  return tree;
}

function parseTree(source: string): ASTNode {
  try {
    return environment.parse(source).ast;
  } catch (error) {
    throw error instanceof ParseError
      ? faultOf(error)
      : new CelFault('The expression cannot be read', undefined, { cause: error });
  }
}

interface LibraryError {
  readonly code?: string;
  readonly summary?: string;
  readonly message: string;
  readonly range?: { readonly start: number };
}

/**
 * Where the library's type check is stricter than our rules, the evaluation decides: branches and lists may mix types,
 * and values of different types can be compared (they are not equal).
 */
function isCertain({ code, message }: LibraryError): boolean {
  if (code === 'no_matching_overload' || code === 'unknown_variable') return true;
  return code === 'no_such_overload' && !/list<|map<| [!=]= /.test(message);
}

export function faultOf(error: LibraryError): CelFault {
  return new CelFault(error.summary ?? error.message, error.range?.start, { cause: error });
}

/** A constant that the language has under this name, such as the type `int`. */
export function constantOf(name: string): object | undefined {
  return environment.hasVariable(name) ? (environment.evaluate(name) as object) : undefined;
}

export type LibraryProgram = (variables: Readonly<Record<string, unknown>>) => unknown;

const plain = new Environment({ unlistedVariablesAreDyn: true });

/** A piece of CEL over the variables `a0`, `a1`, … that the library evaluates. */
export function libraryProgram(source: string): LibraryProgram {
  return plain.parse(source) as LibraryProgram;
}
