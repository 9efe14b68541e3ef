import type { Pattern } from './pattern.ts';

export const javaPatterns: readonly Pattern[] = [
  {
    rule: 'empty-catch',
    type: 'risk',
    severity: 'warning',
    description: 'An exception is swallowed without a word',
    suggestion: 'Handle it, or say in a comment why it may be ignored',
    matcher: { rule: { kind: 'catch_clause', has: { field: 'body', regex: '^\\{\\s*\\}$' } } },
  },
  {
    rule: 'print-stack-trace',
    type: 'style',
    severity: 'info',
    description: 'A stack trace goes to the console and not to the log',
    suggestion: 'Log it with the exception as argument',
    matcher: { rule: { kind: 'method_invocation', has: { field: 'name', regex: '^printStackTrace$' } } },
  },
  {
    rule: 'string-identity',
    type: 'risk',
    severity: 'error',
    description: 'Strings are compared by identity',
    suggestion: 'Use equals',
    matcher: {
      rule: {
        kind: 'binary_expression',
        all: [{ has: { field: 'operator', regex: '^[!=]=$' } }, { has: { kind: 'string_literal' } }],
      },
    },
  },
  {
    rule: 'catch-throwable',
    type: 'risk',
    severity: 'warning',
    description: 'Throwable also catches errors of the machine',
    suggestion: 'Catch the exceptions that you can handle',
    matcher: { rule: { kind: 'catch_type', regex: '^Throwable$' } },
  },
  {
    rule: 'system-exit',
    type: 'risk',
    severity: 'warning',
    description: 'System.exit ends every thread of the process',
    suggestion: 'Throw, and let main decide',
    matcher: { rule: { kind: 'method_invocation', regex: '^System\\.exit\\(' } },
    accept: (_node, path) => !/Main\.java$|Application\.java$/.test(path),
  },
];
