import assert from 'node:assert/strict';
import { AppError, type ErrorCode, type Problem } from '../../contracts/errors.ts';

/** Runs the work, which must be refused with this code, and gives back the error. */
export function refusal(code: ErrorCode, work: () => unknown): AppError {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof AppError, String(error));
    assert.equal(error.code, code);
    return error;
  }
  return assert.fail(`expected a refusal with ${code}`);
}

/** Asserts that one of the problems is at this path and says this. */
export function assertProblem(problems: readonly Problem[], path: string, message: RegExp | string): void {
  const found = problems.filter((problem) => problem.path === path);
  const says = (text: string) => (typeof message === 'string' ? text.includes(message) : message.test(text));
  assert.ok(
    found.some((problem) => says(problem.message)),
    `no problem at ${path} says ${message}; there are ${JSON.stringify(problems, null, 1)}`,
  );
}
