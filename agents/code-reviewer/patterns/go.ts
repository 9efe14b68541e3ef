import type { Pattern } from './pattern.ts';

export const goPatterns: readonly Pattern[] = [
  {
    rule: 'ignored-error',
    type: 'risk',
    severity: 'warning',
    description: 'An error is thrown away',
    suggestion: 'Check it, or say in a comment why not',
    matcher: { rule: { kind: 'assignment_statement', regex: '^_\\s*=\\s*\\w[\\w.]*\\(' } },
  },
  {
    rule: 'empty-error-branch',
    type: 'risk',
    severity: 'warning',
    description: 'An error is looked at and ignored',
    suggestion: 'Return it with context',
    matcher: { rule: { kind: 'if_statement', regex: '^if\\s+err\\s*!=\\s*nil\\s*\\{\\s*\\}' } },
  },
  {
    rule: 'panic-in-library',
    type: 'risk',
    severity: 'info',
    description: 'panic takes the whole program down',
    suggestion: 'Return an error',
    matcher: { rule: { kind: 'call_expression', has: { field: 'function', regex: '^panic$' } } },
    accept: (_node, path) => !path.endsWith('_test.go') && !/(^|\/)main\.go$/.test(path),
  },
  {
    rule: 'defer-in-loop',
    type: 'risk',
    severity: 'warning',
    description: 'defer runs at the end of the function, not of the turn',
    suggestion: 'Move the body of the loop into a function',
    matcher: {
      rule: {
        kind: 'defer_statement',
        inside: {
          kind: 'for_statement',
          stopBy: { any: [{ kind: 'func_literal' }, { kind: 'function_declaration' }] },
        },
      },
    },
  },
];
