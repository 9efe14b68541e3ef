import type { AgentContext } from '../kit/index.ts';
import { RequestFailed } from '../kit/http/request-failed.ts';
import { request, type HttpAnswer } from '../kit/http/request.ts';
import { Unretryable } from '../kit/index.ts';
import type { Input, Output } from './schemas.ts';

export type Attempt = Pick<Output, 'status' | 'latencyMs' | 'problems'>;

const BODY_BYTES = 64 * 1024;

/** Asks once. An answer that is not as it should be, or none at all, is a result; a refused address throws. */
export async function attempt(input: Input, context: AgentContext): Promise<Attempt> {
  const startedAt = performance.now();
  const elapsed = () => Math.round(performance.now() - startedAt);
  try {
    const answer = await ask(input, context);
    const latencyMs = elapsed();
    return { status: answer.status, latencyMs, problems: findProblems(input, answer, latencyMs) };
  } catch (error) {
    if (!(error instanceof RequestFailed)) throw error;
    if (!error.retryable) throw new Unretryable(error.message, { cause: error });
    return { status: null, latencyMs: elapsed(), problems: [error.message] };
  }
}

function ask({ url, method, headers, timeoutMs }: Input, { secret, signal }: AgentContext): Promise<HttpAnswer> {
  const token = secret('HTTP_CHECK_TOKEN');
  return request({
    url: new URL(url),
    method,
    headers: {
      'user-agent': 'commandcenter-http-check',
      ...headers,
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    signal,
    timeoutMs,
    allowPrivate: true, // one's own services are what is checked
    maxBytes: BODY_BYTES,
  });
}

function findProblems(
  { expectStatus, expectBody, maxLatencyMs }: Input,
  { status, body }: HttpAnswer,
  latencyMs: number,
): string[] {
  const statusIsFine = expectStatus?.includes(status) ?? (status >= 200 && status < 400);
  return [
    ...(statusIsFine ? [] : [`the status is ${String(status)}`]),
    ...(expectBody === undefined || body.includes(expectBody) ? [] : ['the body does not contain the expected text']),
    ...(maxLatencyMs === undefined || latencyMs <= maxLatencyMs ? [] : [`the answer took ${String(latencyMs)} ms`]),
  ];
}
