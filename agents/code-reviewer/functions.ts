import type { SgNode } from '@ast-grep/napi';
import type { LanguageName } from '../kit/syntax.ts';

interface Grammar {
  readonly functions: readonly string[];
  /** Nodes that make another path through the function. */
  readonly decisions: readonly string[];
  readonly nesting: readonly string[];
}

const GRAMMARS: Readonly<Record<LanguageName, Grammar>> = {
  javascript: {
    functions: [
      'function_declaration',
      'function_expression',
      'arrow_function',
      'method_definition',
      'generator_function_declaration',
      'generator_function',
    ],
    decisions: [
      'if_statement',
      'for_statement',
      'for_in_statement',
      'while_statement',
      'do_statement',
      'switch_case',
      'catch_clause',
      'ternary_expression',
      'binary_expression',
    ],
    nesting: [
      'if_statement',
      'for_statement',
      'for_in_statement',
      'while_statement',
      'do_statement',
      'switch_statement',
      'try_statement',
    ],
  },
  python: {
    functions: ['function_definition', 'lambda'],
    decisions: [
      'if_statement',
      'elif_clause',
      'for_statement',
      'while_statement',
      'except_clause',
      'conditional_expression',
      'boolean_operator',
      'case_clause',
      'if_clause',
    ],
    nesting: ['if_statement', 'for_statement', 'while_statement', 'try_statement', 'with_statement', 'match_statement'],
  },
  go: {
    functions: ['function_declaration', 'method_declaration', 'func_literal'],
    decisions: [
      'if_statement',
      'for_statement',
      'expression_case',
      'type_case',
      'communication_case',
      'binary_expression',
    ],
    nesting: [
      'if_statement',
      'for_statement',
      'expression_switch_statement',
      'type_switch_statement',
      'select_statement',
    ],
  },
  java: {
    functions: ['method_declaration', 'constructor_declaration', 'lambda_expression'],
    decisions: [
      'if_statement',
      'for_statement',
      'enhanced_for_statement',
      'while_statement',
      'do_statement',
      'switch_label',
      'catch_clause',
      'ternary_expression',
      'binary_expression',
    ],
    nesting: [
      'if_statement',
      'for_statement',
      'enhanced_for_statement',
      'while_statement',
      'do_statement',
      'switch_expression',
      'try_statement',
    ],
  },
};

/** What is measured of one function; lines count from 1. */
export interface FunctionMetrics {
  readonly name: string;
  readonly firstLine: number;
  readonly lastLine: number;
  /** Cyclomatic: 1 plus the decisions in it, those of functions inside it not counted. */
  readonly complexity: number;
  readonly parameters: number;
  readonly depth: number;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Measures every function of a file. */
export function measureFunctions(root: SgNode, language: LanguageName): FunctionMetrics[] {
  const grammar = GRAMMARS[language];
  const functions = findKinds(root, grammar.functions).map((node) => ({ node, ...spanOf(node) }));
  const owned = (kinds: readonly string[], accept: (node: SgNode) => boolean) => {
    const spans = findKinds(root, kinds).filter(accept).map(spanOf);
    return groupByInnermost(spans, functions);
  };
  const decisions = owned(grammar.decisions, isDecision);
  const nesting = owned(grammar.nesting, isNesting);
  return functions.map(({ node }, at) => ({
    name: nameOf(node),
    firstLine: node.range().start.line + 1,
    lastLine: node.range().end.line + 1,
    complexity: 1 + (decisions[at]?.length ?? 0),
    parameters:
      node
        .field('parameters')
        ?.namedChildren()
        .filter((child) => child.kind() !== 'comment').length ?? 0,
    depth: deepest(nesting[at] ?? []),
  }));
}

function findKinds(root: SgNode, kinds: readonly string[]): SgNode[] {
  return root.findAll({ rule: { any: kinds.map((kind) => ({ kind })) } });
}

/** Of binary operators only those that may skip their right side decide anything. */
function isDecision(node: SgNode): boolean {
  return node.kind() !== 'binary_expression' || /^(&&|\|\||\?\?)$/.test(node.field('operator')?.text() ?? '');
}

/** `else if` is no deeper than `if`. */
function isNesting(node: SgNode): boolean {
  const parent = node.parent();
  return !(node.kind() === 'if_statement' && (parent?.kind() === 'else_clause' || parent?.kind() === 'if_statement'));
}

function spanOf(node: SgNode): Span {
  const { start, end } = node.range();
  return { start: start.index, end: end.index };
}

function groupByInnermost(spans: readonly Span[], functions: readonly Span[]): Span[][] {
  const groups = functions.map((): Span[] => []);
  for (const span of spans) {
    // functions come in order of their start: the last that holds the span is the innermost
    const owner = functions.findLastIndex(({ start, end }) => start <= span.start && span.end <= end);
    groups[owner]?.push(span);
  }
  return groups;
}

function deepest(spans: readonly Span[]): number {
  let depth = 0;
  const open: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start)) {
    while (open.length > 0 && (open.at(-1)?.end ?? 0) <= span.start) open.pop();
    open.push(span);
    depth = Math.max(depth, open.length);
  }
  return depth;
}

function nameOf(node: SgNode): string {
  const own = node.field('name')?.text();
  if (own !== undefined) return own;
  const parent = node.parent();
  const given = parent?.field('name') ?? parent?.field('key') ?? parent?.field('left');
  return given?.text().slice(0, 60) ?? 'anonymous function';
}
