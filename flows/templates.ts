import { AppError } from '../contracts/errors.ts';
import type { Json, JsonObject } from '../contracts/json.ts';
import { LONGEST_STRING } from './cel/budget.ts';
import {
  compileExpression,
  type CompiledExpression,
  type ExpressionNames,
  type NodeField,
  type Root,
  type Scope,
} from './expressions.ts';
import { dottedPath } from './problems.ts';
import { splitTemplate, type TemplatePart } from './template-text.ts';

export interface CompiledTemplate {
  /** ids of the nodes that it reads */
  readonly references: ReadonlySet<string>;
  readonly reads: ReadonlyMap<string, ReadonlySet<NodeField>>;
  /** which of `input run item` it reads */
  readonly roots: ReadonlySet<Root>;
  /** False where there is nothing to resolve: `resolve` then returns the JSON itself. */
  readonly isDynamic: boolean;
  /**
   * The JSON with all templates replaced by their values. Values are data: `{{` inside of them stays as it is.
   * @throws AppError TEMPLATE_ERROR that names the path of the string and what could not be resolved in it.
   */
  resolve(scope: Scope): Json;
}

type Resolver = (scope: Scope) => Json;

/**
 * Compiles JSON whose strings may hold `{{ … }}`. A string that is one template keeps the type of its value; in others
 * values are written as text: null as nothing, lists and objects as JSON. `\{{` writes `{{` itself. Keys of objects are
 * no templates.
 * @throws AppError TEMPLATE_ERROR that names the path of the string at fault.
 */
export function compileTemplate(json: Json, names: ExpressionNames): CompiledTemplate {
  const compiler = new TemplateCompiler(names);
  const resolver = compiler.value(json, []);
  return {
    references: new Set(compiler.reads.keys()),
    reads: compiler.reads,
    roots: compiler.roots,
    isDynamic: resolver !== null,
    resolve: resolver ?? (() => json),
  };
}

class TemplateCompiler {
  readonly reads = new Map<string, Set<NodeField>>();
  readonly roots = new Set<Root>();
  readonly #names: ExpressionNames;

  constructor(names: ExpressionNames) {
    this.#names = names;
  }

  /** How to resolve the value, or null where it has no template in it and can be shared between runs. */
  value(json: Json, path: readonly PropertyKey[]): Resolver | null {
    if (typeof json === 'string') return this.#string(json, path);
    if (Array.isArray(json)) return this.#list(json, path);
    return typeof json === 'object' && json !== null ? this.#object(json, path) : null;
  }

  #list(list: readonly Json[], path: readonly PropertyKey[]): Resolver | null {
    const elements = list.map((value, index) => ({ value, resolver: this.value(value, [...path, index]) }));
    if (elements.every(({ resolver }) => resolver === null)) return null;
    return (scope) => elements.map(({ value, resolver }) => (resolver === null ? value : resolver(scope)));
  }

  #object(object: JsonObject, path: readonly PropertyKey[]): Resolver | null {
    const fields = Object.entries(object).map(([key, value]) => ({
      key,
      value,
      resolver: this.value(value, [...path, key]),
    }));
    if (fields.every(({ resolver }) => resolver === null)) return null;
    return (scope) =>
      Object.fromEntries(fields.map(({ key, value, resolver }) => [key, resolver === null ? value : resolver(scope)]));
  }

  #string(text: string, path: readonly PropertyKey[]): Resolver | null {
    if (!text.includes('{{')) return null;
    return atPath(path, () => {
      const parts = splitTemplate(text);
      const [only] = parts;
      if (parts.length === 1 && only !== undefined && 'expression' in only) return this.#typed(only.expression, path);
      return this.#interpolated(parts, path);
    });
  }

  #typed(source: string, path: readonly PropertyKey[]): Resolver {
    const expression = this.#compile(source);
    return (scope) => atPath(path, () => expression.evaluate(scope));
  }

  #interpolated(parts: readonly TemplatePart[], path: readonly PropertyKey[]): Resolver {
    const writers = parts.map((part) => {
      if (!('expression' in part)) return () => part.text;
      const expression = this.#compile(part.expression);
      return (scope: Scope) => asText(expression.evaluate(scope));
    });
    return (scope) => atPath(path, () => joined(writers, scope));
  }

  #compile(source: string): CompiledExpression {
    const expression = compileExpression(source, this.#names);
    for (const [id, fields] of expression.reads)
      this.reads.set(id, new Set([...(this.reads.get(id) ?? []), ...fields]));
    for (const root of expression.roots) this.roots.add(root);
    return expression;
  }
}

function joined(writers: readonly ((scope: Scope) => string)[], scope: Scope): string {
  let text = '';
  for (const write of writers) {
    text += write(scope);
    if (text.length > LONGEST_STRING) throw tooLarge();
  }
  return text;
}

function asText(value: Json): string {
  if (typeof value === 'string') return value;
  if (value === null) return '';
  try {
    return JSON.stringify(value);
  } catch (cause) {
    throw tooLarge(cause);
  }
}

function tooLarge(cause?: unknown): AppError {
  return new AppError('TEMPLATE_ERROR', `The text is longer than ${LONGEST_STRING} characters, or nested too deeply`, {
    cause,
  });
}

function atPath<T>(path: readonly PropertyKey[], work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const where = dottedPath(path);
    const message = where === '' ? error.message : `${where}: ${error.message}`;
    throw new AppError('TEMPLATE_ERROR', message, {
      cause: error,
      problems: [{ path: where, message: error.message }],
    });
  }
}
