import assert from 'node:assert/strict';
import { PROBLEM_TYPE } from '../../../api/problem.ts';
import type { Route } from '../../../api/route.ts';
import { routes } from '../../../api/routes.ts';

export interface CallOptions {
  readonly body?: unknown;
  /** Sent as it is, instead of `body`. */
  readonly raw?: string | Uint8Array;
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer whose shape was compared with what its route promises. */
export interface TestAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // tests look into answers of every shape
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
}

export interface Client {
  readonly url: string;
  call(method: string, path: string, options?: CallOptions): Promise<TestAnswer>;
  get(path: string, options?: CallOptions): Promise<TestAnswer>;
  post(path: string, body?: unknown, options?: CallOptions): Promise<TestAnswer>;
}

/** A caller that checks every answer against the route's own declaration. */
export function createClient(url: string): Client {
  async function call(method: string, path: string, options: CallOptions = {}): Promise<TestAnswer> {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: headersOf(options),
      redirect: 'manual',
      ...bodyOf(options),
    });
    const text = await response.text();
    const answer = { status: response.status, headers: response.headers, text, body: parse(response, text) };
    assertAsDeclared(method, path, answer);
    return answer;
  }
  return {
    url,
    call,
    get: (path, options) => call('GET', path, options),
    post: (path, body, options) => call('POST', path, { ...options, body }),
  };
}

function headersOf({ body, raw, token, headers }: CallOptions): Record<string, string> {
  return {
    ...(body !== undefined || raw !== undefined ? { 'content-type': 'application/json' } : {}),
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...headers,
  };
}

function bodyOf({ body, raw }: CallOptions): { body?: string | Uint8Array<ArrayBuffer> } {
  if (raw !== undefined) return { body: raw as string | Uint8Array<ArrayBuffer> };
  return body === undefined ? {} : { body: JSON.stringify(body) };
}

function parse(response: Response, text: string): unknown {
  return (response.headers.get('content-type') ?? '').includes('json') && text !== '' ? JSON.parse(text) : undefined;
}

/** @throws AssertionError when an answer is not what the OpenAPI document says */
function assertAsDeclared(method: string, path: string, answer: TestAnswer): void {
  if (answer.status >= 400 && answer.headers.get('content-type')?.startsWith('text/html') !== true)
    assertProblem(answer, path);
  const route = routeOf(method, path);
  const declared = route?.responses[answer.status];
  if (!route || !declared?.schema || !isJson(answer)) return;
  const parsed = declared.schema.safeParse(answer.body);
  assert.ok(
    parsed.success,
    `${route.id} answered ${String(answer.status)} with another shape: ${parsed.error?.message ?? ''}`,
  );
}

function isJson({ headers }: TestAnswer): boolean {
  return headers.get('content-type')?.startsWith('application/json') === true;
}

function assertProblem({ status, headers, body }: TestAnswer, path: string): void {
  if (path.startsWith('/health')) return;
  assert.equal(headers.get('content-type'), PROBLEM_TYPE);
  const problem = body as Record<string, unknown>;
  assert.equal(problem.status, status);
  for (const field of ['title', 'detail', 'code'])
    assert.equal(typeof problem[field], 'string', `a problem has a ${field}`);
  assert.ok(
    !/\bat .*\.ts:\d|SELECT |127\.0\.0\.1:\d/.test(JSON.stringify(body)),
    'a problem shows nothing of the inside',
  );
}

function routeOf(method: string, path: string): Route | undefined {
  const [pathname = ''] = path.split('?');
  return routes.find((route) => route.method === method && patternOf(route).test(pathname));
}

function patternOf({ path }: Route): RegExp {
  return new RegExp(`^${path.replaceAll(/[.]/g, String.raw`\.`).replaceAll(/:\w+/g, '[^/]+')}$`);
}
