import type { z } from 'zod';
import { AppError, type ErrorCode, type Problem } from '../contracts/errors.ts';

/** `['nodes', 2, 'input', 'x']` → `nodes[2].input.x`. Names that are no plain words stand in brackets and quotes. */
export function dottedPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    const name = String(key);
    if (!/^[\w$-]+$/.test(name)) return `${text}[${JSON.stringify(name)}]`;
    return text === '' ? name : `${text}.${name}`;
  }, '');
}

/** What zod found, one problem for each field at fault. */
export function problemsOf(error: z.ZodError, at: readonly PropertyKey[] = []): Problem[] {
  return error.issues.flatMap((issue) => problemsOfIssue(issue, at));
}

function problemsOfIssue(issue: z.core.$ZodIssue, at: readonly PropertyKey[]): Problem[] {
  const path = [...at, ...issue.path];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ path: dottedPath([...path, key]), message: unknownField(key) }));
    case 'invalid_union':
      return (
        closestBranch(issue.errors)?.flatMap((inner) => problemsOfIssue(inner, path)) ?? [
          { path: dottedPath(path), message: issue.message },
        ]
      );
    case 'invalid_key':
      return [{ path: dottedPath(path), message: issue.issues[0]?.message ?? issue.message }];
    default:
      return [
        {
          path: dottedPath(path),
          message: issue.input === undefined && isMissing(issue) ? `Required: ${expectedOf(issue)}` : issue.message,
        },
      ];
  }
}

/** Of a union's branches the one that got past the type of the value: its problems say more than "Invalid input". */
function closestBranch(branches: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] | undefined {
  const deep = branches.filter((issues) => issues.length > 0 && issues.every((issue) => issue.path.length > 0));
  return deep.length === 1 ? deep[0] : undefined;
}

function isMissing(issue: z.core.$ZodIssue): boolean {
  return issue.code === 'invalid_type' && issue.message.endsWith('received undefined');
}

function expectedOf(issue: z.core.$ZodIssue): string {
  return issue.code === 'invalid_type' ? issue.expected : 'a value';
}

const INSTEAD: Readonly<Record<string, string>> = {
  depends_on: 'dependsOn',
  needs: 'dependsOn',
  dependencies: 'dependsOn',
  if: 'when',
  condition: 'when',
  retries: 'retry: {"attempts": 3}',
  timeout: 'timeoutSeconds',
  timeoutMs: 'timeoutSeconds',
  foreach: 'forEach',
  for_each: 'forEach',
  continueOnError: 'allowFailure',
  schedule: 'triggers: [{"type": "schedule", "cron": "0 3 * * *"}]',
};

function unknownField(key: string): string {
  const instead = Object.hasOwn(INSTEAD, key) ? INSTEAD[key] : undefined;
  return instead === undefined ? `Unknown field "${key}"` : `Unknown field "${key}": write ${instead}`;
}

/** At most this many problems are told; a broken generator makes thousands. */
const MOST_TOLD = 200;

/** An error that carries every problem; its message tells the first ones. */
export function problemError(code: ErrorCode, what: string, problems: readonly Problem[]): AppError {
  const first = problems.slice(0, 3).map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  const more = problems.length > first.length ? ` (and ${problems.length - first.length} more)` : '';
  return new AppError(code, `${what}: ${first.join('; ')}${more}`, { problems: problems.slice(0, MOST_TOLD) });
}
