import type { Pattern } from './pattern.ts';

export const pythonPatterns: readonly Pattern[] = [
  {
    rule: 'bare-except',
    type: 'risk',
    severity: 'warning',
    description: 'A bare except also catches KeyboardInterrupt and SystemExit',
    suggestion: 'Name the exceptions',
    matcher: { rule: { kind: 'except_clause', regex: '^except\\s*:' } },
  },
  {
    rule: 'swallowed-exception',
    type: 'risk',
    severity: 'warning',
    description: 'An exception is swallowed without a word',
    suggestion: 'Handle it, log it, or use contextlib.suppress with the exact class',
    matcher: { rule: { kind: 'except_clause', has: { kind: 'block', regex: '^pass$' } } },
  },
  {
    rule: 'mutable-default',
    type: 'risk',
    severity: 'error',
    description: 'A mutable default is shared by all calls',
    suggestion: 'Use None and make it inside',
    matcher: {
      rule: {
        any: [{ kind: 'default_parameter' }, { kind: 'typed_default_parameter' }],
        has: { field: 'value', any: [{ kind: 'list' }, { kind: 'dictionary' }, { kind: 'set' }] },
      },
    },
  },
  {
    rule: 'none-equality',
    type: 'style',
    severity: 'info',
    description: 'None is compared with ==',
    suggestion: 'Use is None',
    matcher: { rule: { kind: 'comparison_operator', regex: '[!=]=\\s*None$' } },
  },
  {
    rule: 'wildcard-import',
    type: 'style',
    severity: 'warning',
    description: 'Nobody can tell where names come from',
    suggestion: 'Import the names',
    matcher: { rule: { kind: 'import_from_statement', has: { kind: 'wildcard_import' } } },
  },
  {
    rule: 'assert-tuple',
    type: 'risk',
    severity: 'error',
    description: 'A tuple is always true: this assertion never fails',
    suggestion: 'Remove the parentheses',
    matcher: { rule: { kind: 'assert_statement', has: { kind: 'tuple' } } },
  },
];
