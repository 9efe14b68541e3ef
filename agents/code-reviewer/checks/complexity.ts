import type { FunctionMetrics } from '../functions.ts';
import type { Issue } from '../schemas.ts';
import type { Source } from '../sources.ts';

const COMPLEX = 10;
const TOO_COMPLEX = 20;
const LONG_FUNCTION = 100;
const LONG_FILE = 600;
const DEEP = 4;
const MANY_PARAMETERS = 6;

/** Functions and files that are hard to hold in one's head. */
export function checkComplexity(source: Source, functions: readonly FunctionMetrics[]): Issue[] {
  return [...functions.flatMap((fn) => checkFunction(source, fn)), ...checkLength(source)];
}

function checkFunction({ path }: Source, fn: FunctionMetrics): Issue[] {
  const issue = (rule: string, severity: Issue['severity'], what: string, suggestion: string): Issue => ({
    type: 'complexity',
    severity,
    file: path,
    line: fn.firstLine,
    description: `${fn.name} ${what}`,
    suggestion,
    rule,
  });
  const issues: Issue[] = [];
  if (fn.complexity > COMPLEX) {
    const severity = fn.complexity > TOO_COMPLEX ? 'error' : 'warning';
    issues.push(
      issue(
        'complex-function',
        severity,
        `has a cyclomatic complexity of ${String(fn.complexity)}`,
        `Split it: at most ${String(COMPLEX)} paths a function`,
      ),
    );
  }
  const length = fn.lastLine - fn.firstLine + 1;
  if (length > LONG_FUNCTION)
    issues.push(issue('long-function', 'info', `is ${String(length)} lines long`, 'Name its steps as functions'));
  if (fn.depth > DEEP)
    issues.push(
      issue(
        'deep-nesting',
        'warning',
        `nests ${String(fn.depth)} levels deep`,
        'Return early, or extract the inner part',
      ),
    );
  if (fn.parameters > MANY_PARAMETERS)
    issues.push(
      issue('many-parameters', 'info', `takes ${String(fn.parameters)} parameters`, 'Pass an object with names'),
    );
  return issues;
}

function checkLength({ path, lines }: Source): Issue[] {
  if (lines.length <= LONG_FILE) return [];
  const description = `The file has ${String(lines.length)} lines`;
  return [
    {
      type: 'complexity',
      severity: 'info',
      file: path,
      line: 1,
      description,
      suggestion: 'Split it by what it is about',
      rule: 'long-file',
    },
  ];
}
