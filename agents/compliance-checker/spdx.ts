/** An SPDX licence expression as a tree. */
export type Expression =
  | { readonly kind: 'licence'; readonly id: string; readonly exception: string | undefined }
  | { readonly kind: 'or' | 'and'; readonly operands: readonly Expression[] };

/** Parses `(MIT OR Apache-2.0) AND BSD-3-Clause`, `GPL-2.0-only WITH …`; undefined when it is no expression. */
export function parseExpression(text: string): Expression | undefined {
  const tokens = text.match(/\(|\)|[^\s()]+/g) ?? [];
  try {
    const expression = parseOr(tokens);
    return tokens.length === 0 ? expression : undefined;
  } catch {
    return undefined;
  }
}

/** True when one can live with the expression: every side of AND, some side of OR. */
export function satisfies(
  expression: Expression,
  accepts: (id: string, exception: string | undefined) => boolean,
): boolean {
  if (expression.kind === 'licence') return accepts(expression.id, expression.exception);
  const { operands } = expression;
  return expression.kind === 'or'
    ? operands.some((operand) => satisfies(operand, accepts))
    : operands.every((operand) => satisfies(operand, accepts));
}

function parseOr(tokens: string[]): Expression {
  return parseList(tokens, 'or', (rest) => parseList(rest, 'and', parseLicence));
}

function parseList(tokens: string[], kind: 'or' | 'and', next: (tokens: string[]) => Expression): Expression {
  const first = next(tokens);
  const operands = [first];
  while (tokens[0]?.toLowerCase() === kind) {
    tokens.shift();
    operands.push(next(tokens));
  }
  return operands.length === 1 ? first : { kind, operands };
}

function parseLicence(tokens: string[]): Expression {
  const token = tokens.shift();
  if (token === '(') {
    const inner = parseOr(tokens);
    if (tokens.shift() !== ')') throw new Error('unbalanced');
    return inner;
  }
  if (token === undefined || !/^[\w.+:-]+$/.test(token) || /^(and|or|with)$/i.test(token))
    throw new Error('no licence');
  if (tokens[0]?.toLowerCase() !== 'with') return { kind: 'licence', id: token, exception: undefined };
  tokens.shift();
  return { kind: 'licence', id: token, exception: tokens.shift() };
}
