import type { SgNode } from '@ast-grep/napi';
import type { Pattern } from './pattern.ts';

const TEST = /(^|\/)(tests?|__tests__|specs?)\/|\.(test|spec)\.\w+$/;
const COMMAND_LINE = /(^|\/)(cli|scripts|bin|bench|examples|tools)\/|\.config\.\w+$/;

export const javascriptPatterns: readonly Pattern[] = [
  {
    rule: 'focused-test',
    type: 'risk',
    severity: 'error',
    description: 'A focused test switches all others off',
    suggestion: 'Remove .only',
    matcher: {
      rule: { kind: 'call_expression', has: { field: 'function', regex: '^(describe|it|test|suite|context)\\.only$' } },
    },
  },
  {
    rule: 'debugger-left',
    type: 'risk',
    severity: 'error',
    description: 'A debugger statement stops whoever has the tools open',
    suggestion: 'Remove it',
    matcher: { rule: { kind: 'debugger_statement' } },
  },
  {
    rule: 'empty-catch',
    type: 'risk',
    severity: 'warning',
    description: 'An error is swallowed without a word',
    suggestion: 'Handle it, or say in a comment why it may be ignored',
    matcher: { rule: { kind: 'catch_clause', has: { field: 'body', regex: '^\\{\\s*\\}$' } } },
  },
  {
    rule: 'loose-equality',
    type: 'risk',
    severity: 'warning',
    description: 'A comparison with type conversion',
    suggestion: 'Use === or !==',
    matcher: { rule: { kind: 'binary_expression', has: { field: 'operator', regex: '^[!=]=$' } } },
    accept: (node) => !/\b(null|undefined)$/.test(node.field('right')?.text() ?? '') && !/^typeof\b/.test(node.text()),
  },
  {
    rule: 'async-for-each',
    type: 'risk',
    severity: 'error',
    description: 'forEach does not wait for an async function: errors and results are lost',
    suggestion: 'Use for…of with await, or Promise.all with map',
    matcher: {
      rule: {
        kind: 'call_expression',
        all: [
          { has: { field: 'function', regex: '\\.forEach$' } },
          {
            has: {
              field: 'arguments',
              has: {
                any: [
                  { kind: 'arrow_function', regex: '^async' },
                  { kind: 'function_expression', regex: '^async' },
                ],
              },
            },
          },
        ],
      },
    },
  },
  {
    rule: 'async-promise-executor',
    type: 'risk',
    severity: 'error',
    description: 'What an async executor throws is never seen',
    suggestion: 'Make the function itself async',
    matcher: {
      rule: {
        kind: 'new_expression',
        all: [
          { has: { field: 'constructor', regex: '^Promise$' } },
          { has: { field: 'arguments', has: { kind: 'arrow_function', regex: '^async' } } },
        ],
      },
    },
  },
  {
    rule: 'throw-literal',
    type: 'risk',
    severity: 'warning',
    description: 'What is thrown is no Error and has no stack',
    suggestion: 'Throw new Error(…)',
    matcher: {
      rule: {
        kind: 'throw_statement',
        has: { any: [{ kind: 'string' }, { kind: 'template_string' }, { kind: 'object' }, { kind: 'number' }] },
      },
    },
  },
  {
    rule: 'unreachable-code',
    type: 'dead-code',
    severity: 'warning',
    description: 'This statement is never reached',
    suggestion: 'Remove it',
    matcher: {
      rule: {
        any: [
          { kind: 'return_statement' },
          { kind: 'throw_statement' },
          { kind: 'break_statement' },
          { kind: 'continue_statement' },
        ],
      },
    },
    accept: isFollowedByCode,
  },
  {
    rule: 'nested-ternary',
    type: 'style',
    severity: 'info',
    description: 'A conditional inside a conditional',
    suggestion: 'Use if, or a function with early returns',
    matcher: { rule: { kind: 'ternary_expression', inside: { kind: 'ternary_expression' } } },
  },
  {
    rule: 'type-check-off',
    type: 'risk',
    severity: 'warning',
    description: 'The type checker is told to look away',
    suggestion: 'Fix the type, or use @ts-expect-error with the reason',
    matcher: { rule: { kind: 'comment', regex: '@ts-(ignore|nocheck)\\b' } },
  },
  {
    rule: 'explicit-any',
    type: 'style',
    severity: 'info',
    description: 'any switches type checks off for whatever it touches',
    suggestion: 'Use unknown and narrow it',
    matcher: { rule: { kind: 'predefined_type', regex: '^any$' } },
    accept: (_node, path) => /\.[cm]?tsx?$/.test(path) && !TEST.test(path),
  },
  {
    rule: 'console-left',
    type: 'style',
    severity: 'info',
    description: 'A message goes to the console and not to the log',
    suggestion: 'Use the logger',
    matcher: { rule: { kind: 'call_expression', has: { field: 'function', regex: '^console\\.(log|debug|info)$' } } },
    accept: (_node, path) => !TEST.test(path) && !COMMAND_LINE.test(path),
  },
  {
    rule: 'var-declaration',
    type: 'style',
    severity: 'info',
    description: 'var is visible in the whole function',
    suggestion: 'Use const or let',
    matcher: { rule: { kind: 'variable_declaration', regex: '^var\\b' } },
  },
];

function isFollowedByCode(node: SgNode): boolean {
  const parent = node.parent()?.kind();
  if (parent !== 'statement_block' && parent !== 'program') return false;
  const next = node.nextAll().find((sibling) => sibling.isNamed() && sibling.kind() !== 'comment');
  return (
    next !== undefined &&
    !/^(function|class|interface|type)\w*declaration$|^empty_statement$|_declaration$/.test(String(next.kind()))
  );
}
