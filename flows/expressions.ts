import { AppError } from '../contracts/errors.ts';
import type { Json } from '../contracts/json.ts';
import { Budget } from './cel/budget.ts';
import { CelFault } from './cel/fault.ts';
import { parse } from './cel/language.ts';
import { toJson } from './cel/leave.ts';
import { maskNodeIds } from './cel/mask.ts';
import { compileProgram } from './cel/program.ts';
import type { NodeField, Root, Scope } from './cel/scope.ts';
import type { Thunk } from './cel/thunks.ts';
import { LIMITS } from './limits.ts';

export type { NodeField, Root, Scope, ScopeNode } from './cel/scope.ts';

export interface CompiledExpression {
  readonly source: string;
  /** ids of the nodes that it reads */
  readonly references: ReadonlySet<string>;
  /** the same with the fields that it reads of each */
  readonly reads: ReadonlyMap<string, ReadonlySet<NodeField>>;
  /** which of `input run item` it reads; `context` counts as `input` */
  readonly roots: ReadonlySet<Root>;
  /**
   * The value as JSON. Parts of the scope are passed on by reference, never copied or changed.
   * @throws AppError EXPRESSION_ERROR with position and path; it is final, the same scope gives the same error.
   */
  evaluate(scope: Scope): Json;
}

export interface ExpressionNames {
  /** The ids of the workflow's nodes. Pass the same object for all its expressions: compiled ones are found by it. */
  readonly nodeIds: readonly string[] | ReadonlySet<string>;
}

interface Vocabulary {
  readonly nodeIds: ReadonlySet<string>;
  readonly expressions: Map<string, CompiledExpression>;
}

const vocabularies = new WeakMap<object, Vocabulary>();

/**
 * Compiles a CEL expression; the same source over the same ids is compiled once.
 * @throws AppError EXPRESSION_ERROR when it cannot be read or names something that does not exist.
 */
export function compileExpression(source: string, { nodeIds }: ExpressionNames): CompiledExpression {
  const vocabulary = vocabularies.get(nodeIds) ?? {
    nodeIds: new Set(nodeIds),
    expressions: new Map<string, CompiledExpression>(),
  };
  vocabularies.set(nodeIds, vocabulary);
  const compiled = vocabulary.expressions.get(source) ?? compile(source, vocabulary.nodeIds);
  vocabulary.expressions.set(source, compiled);
  return compiled;
}

function compile(source: string, nodeIds: ReadonlySet<string>): CompiledExpression {
  if (source.length > LIMITS.expressionLength) {
    throw new AppError(
      'EXPRESSION_ERROR',
      `An expression has at most ${LIMITS.expressionLength} characters, this has ${source.length}`,
    );
  }
  return withPosition(source, () => {
    const { text, unmask } = maskNodeIds(source, nodeIds);
    const { run, reads, roots } = compileProgram(parse(text), { nodeIds, source, unmask });
    return {
      source,
      references: new Set(reads.keys()),
      reads,
      roots,
      evaluate: (scope) => evaluate(source, run, scope),
    };
  });
}

function evaluate(source: string, run: Thunk, scope: Scope): Json {
  return withPosition(source, () => {
    const budget = new Budget();
    return toJson(run({ scope, locals: [], budget }), budget);
  });
}

function withPosition<T>(source: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof CelFault) throw expressionError(source, error);
    if (error instanceof RangeError)
      throw new AppError('EXPRESSION_ERROR', 'The expression is too large to evaluate', { cause: error });
    throw error;
  }
}

function expressionError(source: string, fault: CelFault): AppError {
  const message = `${fault.message} (${place(source, fault.at)}in ${excerpt(source)})`;
  return new AppError('EXPRESSION_ERROR', message, { cause: fault });
}

/** Line and column, both from 1; the line only where there are several. */
function place(source: string, at: number | undefined): string {
  if (at === undefined) return '';
  const before = source.slice(0, at).split('\n');
  const column = `column ${(before.at(-1) ?? '').length + 1} `;
  return source.includes('\n') ? `line ${before.length}, ${column}` : `at ${column}`;
}

function excerpt(source: string): string {
  return source.length > 200 ? `${source.slice(0, 200)}…` : source;
}
