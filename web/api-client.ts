import createClient from 'openapi-fetch';
import type { paths } from '../clients/typescript/api.generated.ts';
import { connectionFailed, connectionWorks } from './live/connection.ts';
import type { Page, Problem } from './wire.ts';

/** What the service answered instead of what was asked for; `detail` says what to do. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  readonly title: string;
  readonly problems: readonly { readonly path: string; readonly message: string }[];

  constructor({ status, title, detail, errors = [] }: Pick<Problem, 'status' | 'title' | 'detail' | 'errors'>) {
    super(detail);
    this.status = status;
    this.title = title;
    this.problems = errors;
  }
}

/** The service could not be reached at all. */
export class NoConnection extends Error {
  override readonly name = 'NoConnection';
}

/** `fetch` that tells the rest of the console whether the service answers. @throws NoConnection */
export async function reach(input: RequestInfo, init?: RequestInit): Promise<Response> {
  try {
    const response = await fetch(input, init);
    connectionWorks();
    return response;
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    connectionFailed();
    throw new NoConnection('The service does not answer.', { cause });
  }
}

/** Every call of the API, typed from its OpenAPI document. */
export const api = createClient<paths>({ fetch: (request) => reach(request) });

interface Answered<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

/** The body of an answer. @throws ApiProblem when it is an error, NoConnection when there is none */
export async function bodyOf<T>(call: Promise<Answered<T>>): Promise<T> {
  const { data, error, response } = await call;
  if (response.ok) return data as T;
  throw new ApiProblem(asProblem(error, response));
}

function asProblem(error: unknown, { status, statusText }: Response) {
  if (typeof error === 'object' && error !== null && 'detail' in error) return error as Problem;
  return { status, title: statusText, detail: `The service answered ${status} ${statusText}.` };
}

/** One page of a list, with the cursor of its Link header. */
export async function pageOf<T>(call: Promise<Answered<T[]>>): Promise<Page<T>> {
  const answered = await call;
  const rows = await bodyOf(Promise.resolve(answered));
  const next = /<([^>]+)>;\s*rel="next"/.exec(answered.response.headers.get('link') ?? '')?.[1];
  const cursor =
    next === undefined ? undefined : (new URL(next, location.href).searchParams.get('cursor') ?? undefined);
  return { rows, cursor };
}
