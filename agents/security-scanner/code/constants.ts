import type { SgNode } from '@ast-grep/napi';
import type { Scopes } from './scopes.ts';
import { kindOf, type Dialect } from './shape.ts';

export type Constant = string | number | boolean;

const INTEGER = /^(decimal_integer_literal|integer|number|int_literal|decimal_floating_point_literal|float)$/;
const STRING = /^(string_literal|string|interpreted_string_literal|character_literal)$/;
const UNARY = /^(unary_expression|unary_operator|not_operator|prefix_unary_expression)$/;
const BINARY = /^(binary_expression|binary_operator|boolean_operator|comparison_operator)$/;
const SUBSCRIPT = /^(subscript|subscript_expression|index_expression)$/;
/** Enough for what people write; a cycle ends here. */
const DEEPEST = 12;

/** Computes what an expression is whatever anybody sends: literals, arithmetic, comparisons, local names given once. */
export class Constants {
  readonly #scopes: Scopes;
  readonly #dialect: Dialect;
  readonly #known = new Map<number, Constant | undefined>();

  constructor(scopes: Scopes, dialect: Dialect) {
    this.#scopes = scopes;
    this.#dialect = dialect;
  }

  /** The value of `node`, or undefined where it is not known before the program runs. */
  evaluate(node: SgNode | null | undefined, depth = 0): Constant | undefined {
    if (node === null || node === undefined || depth > DEEPEST) return undefined;
    const id = node.id();
    if (this.#known.has(id)) return this.#known.get(id);
    const value = this.#compute(node, depth + 1);
    this.#known.set(id, value);
    return value;
  }

  #compute(node: SgNode, depth: number): Constant | undefined {
    const kind = kindOf(node);
    if (kind === 'parenthesized_expression') return this.evaluate(node.namedChildren()[0], depth);
    if (INTEGER.test(kind)) return number(node.text());
    if (STRING.test(kind)) return plainString(node);
    if (kind === 'true' || kind === 'false') return kind === 'true';
    if (UNARY.test(kind)) return this.#unary(node, depth);
    if (BINARY.test(kind)) return this.#binary(node, depth);
    if (SUBSCRIPT.test(kind))
      return this.#character(node.field('value') ?? node.field('object'), subscriptOf(node), depth);
    if (kind === 'identifier') return this.#name(node, depth);
    return this.#dialect.callKinds.includes(kind) ? this.#call(node, depth) : undefined;
  }

  #unary(node: SgNode, depth: number): Constant | undefined {
    const operand = this.evaluate(node.field('operand') ?? node.field('argument'), depth);
    const operator = node.is('not_operator') ? 'not' : node.field('operator')?.text();
    if (typeof operand === 'boolean') return operator === '!' || operator === 'not' ? !operand : undefined;
    return typeof operand === 'number' && operator === '-' ? -operand : undefined;
  }

  #binary(node: SgNode, depth: number): Constant | undefined {
    const [first, second, ...more] = node.namedChildren();
    if (more.length > 0) return undefined; // Python's `a < b < c`
    const left = this.evaluate(first, depth);
    const right = this.evaluate(second, depth);
    const operator = (node.field('operator') ?? node.field('operators'))?.text() ?? '';
    const decided = shortcut(operator, left, right);
    if (decided !== undefined || left === undefined || right === undefined) return decided;
    if (typeof left === 'number' && typeof right === 'number')
      return this.#arithmetic(operator, left, right) ?? compare(operator, left, right);
    return operator === '+' && (typeof left === 'string' || typeof right === 'string')
      ? `${String(left)}${String(right)}`
      : compare(operator, left, right);
  }

  #arithmetic(operator: string, left: number, right: number): number | undefined {
    switch (operator) {
      case '+':
        return left + right;
      case '-':
        return left - right;
      case '*':
        return left * right;
      case '%':
        return left >= 0 && right > 0 ? left % right : undefined; // languages disagree about signs
      case '//':
        return right === 0 ? undefined : Math.floor(left / right);
      case '/':
        if (right === 0) return undefined;
        return this.#dialect.dividesIntegers && Number.isInteger(left) && Number.isInteger(right)
          ? Math.trunc(left / right)
          : left / right;
      default:
        return undefined;
    }
  }

  /** A local name with one value that nothing changes afterwards. */
  #name(node: SgNode, depth: number): Constant | undefined {
    const [scope] = this.#scopes.enclosingFunctions(node);
    if (scope === undefined) return undefined;
    const definitions = this.#scopes.definitionsIn(scope, node.text());
    const [only] = definitions;
    if (
      only === undefined ||
      definitions.length > 1 ||
      only.appends ||
      this.#dialect.parameters(scope).includes(only.name)
    )
      return undefined;
    return LOOP.test(kindOf(only.node)) || this.#isCounted(scope, only.name)
      ? undefined
      : this.evaluate(only.value, depth);
  }

  /** True when `x++` or the like changes the name somewhere. */
  #isCounted(scope: SgNode, name: string): boolean {
    const kinds = this.#dialect.countingKinds.map((kind) => ({ kind }));
    if (kinds.length === 0) return false;
    return scope.findAll({ rule: { any: kinds } }).some((step) => step.text().replaceAll(/[\s+-]/g, '') === name);
  }

  /** `"ABC".charAt(1)`, `"abc".length()`, `"a".equals("b")`, `len("abc")`. */
  #call(node: SgNode, depth: number): Constant | undefined {
    const shape = this.#dialect.shape(node, new Map());
    if (shape.kind !== 'call') return undefined;
    const { callee, receiver, args } = shape.call;
    if (callee === 'len' && args.length === 1) return lengthOf(this.evaluate(args[0], depth));
    const method = callee.slice(callee.lastIndexOf('.') + 1);
    const subject = receiver === undefined ? undefined : this.evaluate(receiver, depth);
    if (subject === undefined) return undefined;
    if (method === 'charAt') return this.#character(receiver, args[0], depth);
    if (method === 'length') return lengthOf(subject);
    const other = this.evaluate(args[0], depth);
    return method === 'equals' && other !== undefined ? subject === other : undefined;
  }

  #character(text: SgNode | null | undefined, index: SgNode | null | undefined, depth: number): string | undefined {
    const [whole, at] = [this.evaluate(text, depth), this.evaluate(index, depth)];
    return typeof whole === 'string' && typeof at === 'number' ? whole.at(at) : undefined;
  }
}

const LOOP = /^(for|enhanced_for|for_in|range)_?(statement|clause)$/;

function subscriptOf(node: SgNode): SgNode | null {
  return node.field('subscript') ?? node.field('index');
}

function number(text: string): number | undefined {
  const value = Number(text.replaceAll('_', '').replace(/[lLfFdD]$/, ''));
  return Number.isNaN(value) ? undefined : value;
}

/** A string without escapes and without anything put into it. */
function plainString(node: SgNode): string | undefined {
  return /^(["'])([^"'\\]*)\1$/.exec(node.text())?.[2];
}

function lengthOf(value: Constant | undefined): number | undefined {
  return typeof value === 'string' ? value.length : undefined;
}

/** What `and` and `or` are when one side decides alone. */
function shortcut(operator: string, left: Constant | undefined, right: Constant | undefined): boolean | undefined {
  if (operator === '&&' || operator === 'and') {
    if (left === false || right === false) return false;
    return left === true && right === true ? true : undefined;
  }
  if (operator !== '||' && operator !== 'or') return undefined;
  if (left === true || right === true) return true;
  return left === false && right === false ? false : undefined;
}

function compare(operator: string, left: Constant, right: Constant): boolean | undefined {
  if (typeof left !== typeof right) return undefined;
  switch (operator) {
    case '==':
    case '===':
      return left === right;
    case '!=':
    case '!==':
      return left !== right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
    case 'in':
      return typeof left === 'string' && typeof right === 'string' ? right.includes(left) : undefined;
    case 'not in':
      return typeof left === 'string' && typeof right === 'string' ? !right.includes(left) : undefined;
    default:
      return undefined;
  }
}
