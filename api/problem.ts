import { AppError, ERROR_CATALOGUE, type ErrorCode, type Problem } from '../contracts/errors.ts';

/** RFC 9457, with our stable code, and the request's id to find it in the logs. */
export interface ProblemDocument {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  readonly requestId: string;
  readonly errors?: readonly Problem[];
}

export const PROBLEM_TYPE = 'application/problem+json';

/** What a caller is told of an error: nothing at all of one that is not in the catalogue. */
export function problemOf(error: unknown, requestId: string): ProblemDocument {
  if (!(error instanceof AppError)) {
    return document('INTERNAL', 'Something went wrong on our side; the log has more under the request id.', requestId);
  }
  // a code that belongs to a node's failure may come up here: the caller's request was fine, so the status is its own
  return document(error.code, error.message, requestId, error.problems);
}

function document(
  code: ErrorCode,
  detail: string,
  requestId: string,
  problems: readonly Problem[] = [],
): ProblemDocument {
  const { status, title } = ERROR_CATALOGUE[code];
  return {
    type: 'about:blank',
    title,
    status,
    detail,
    code,
    requestId,
    ...(problems.length > 0 && { errors: problems }),
  };
}
