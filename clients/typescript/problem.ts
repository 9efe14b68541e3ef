import type { components } from './api.generated.ts';

export type Problem = components['schemas']['Problem'];

/** The service answered with an error: RFC 9457, as thrown by everything here but the bare `api`. */
export class CommandCenterError extends Error {
  override readonly name = 'CommandCenterError';
  readonly status: number;
  readonly title: string;
  /** Of the service's catalogue: `NOT_FOUND`, `INVALID_INPUT`, …; empty where a proxy answered instead of the service. */
  readonly code: string;
  /** For invalid input: what is wrong, and where. */
  readonly errors: NonNullable<Problem['errors']>;

  constructor({
    status,
    title,
    detail,
    code,
    errors = [],
  }: Omit<Problem, 'type' | 'requestId' | 'code'> & { code: string }) {
    super(detail);
    this.status = status;
    this.title = title;
    this.code = code;
    this.errors = errors;
  }
}

interface Answered<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

/** The body of an answer. @throws CommandCenterError when the service refused */
export async function bodyOf<T>(call: Promise<Answered<T>>): Promise<T> {
  const { data, error, response } = await call;
  if (response.ok) return data as T;
  throw new CommandCenterError(asProblem(error, response));
}

function asProblem(
  error: unknown,
  { status, statusText }: Response,
): Problem | { status: number; title: string; detail: string; code: '' } {
  if (typeof error === 'object' && error !== null && 'detail' in error) return error as Problem;
  return { status, title: statusText, detail: `The service answered ${status} ${statusText}`, code: '' };
}
