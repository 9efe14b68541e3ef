import { RequestFailed } from '../kit/http/request-failed.ts';
import { request, type HttpAnswer } from '../kit/http/request.ts';
import type { Answer } from './answer.ts';

export interface Post {
  readonly url: URL;
  readonly body: string;
  readonly messageId: string;
  readonly allowPrivate: boolean;
  readonly signal: AbortSignal;
}

const TIMEOUT_MS = 10_000;

/** One POST, judged. Rejects only when `signal` is aborted. */
export async function post({ url, body, messageId, allowPrivate, signal }: Post): Promise<Answer> {
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'commandcenter-notifier',
    'idempotency-key': messageId,
  };
  try {
    return judge(await request({ url, method: 'POST', headers, body, signal, allowPrivate, timeoutMs: TIMEOUT_MS }));
  } catch (error) {
    if (!(error instanceof RequestFailed)) throw error;
    return { kind: 'refused', reason: error.message, retryable: error.retryable, retryAfterMs: undefined };
  }
}

function judge({ status, headers }: HttpAnswer): Answer {
  if (status >= 200 && status < 300) return { kind: 'accepted' };
  const redirect = status >= 300 && status < 400 ? ' (redirects are not followed)' : '';
  return {
    kind: 'refused',
    reason: `the channel answered ${String(status)}${redirect}`,
    retryable: status === 408 || status === 429 || status >= 500,
    retryAfterMs: parseRetryAfter(headers['retry-after']),
  };
}

/** Milliseconds from a Retry-After header in either of its forms: seconds or an HTTP date. */
function parseRetryAfter(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const ms = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
