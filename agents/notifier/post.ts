import { request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { Destination } from './destination.ts';

export type Answer =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused'; readonly reason: string; readonly retryable: boolean; readonly retryAfterMs?: number };

const TIMEOUT_MS = 10_000;

/** One POST to the checked address. Follows no redirect: it could lead to an address that nobody checked. */
export function post(
  destination: Destination,
  body: string,
  { messageId, signal }: { messageId: string; signal: AbortSignal },
): Promise<Answer> {
  const { url } = destination;
  const options: RequestOptions = {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'commandcenter-notifier',
      'idempotency-key': messageId,
    },
    lookup: pin(destination),
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  };
  return new Promise((resolve) => {
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, options, (response) => {
      response.resume(); // the body is not needed; drained so that the socket is freed
      resolve(judge(response));
    });
    request.on('error', (error) => {
      resolve({ kind: 'refused', reason: connectionProblem(error), retryable: !signal.aborted });
    });
    request.end(body);
  });
}

/** A lookup that answers with the address already checked, whatever DNS says by now. */
function pin({ address, family }: Destination): LookupFunction {
  return (_host, options, callback) => {
    if (options.all === true) callback(null, [{ address, family }]);
    else callback(null, address, family);
  };
}

function judge({ statusCode = 0, headers }: IncomingMessage): Answer {
  if (statusCode >= 200 && statusCode < 300) return { kind: 'accepted' };
  const retryable = statusCode === 408 || statusCode === 429 || statusCode >= 500;
  const redirect = statusCode >= 300 && statusCode < 400 ? ' (redirects are not followed)' : '';
  const reason = `the channel answered ${String(statusCode)}${redirect}`;
  const retryAfterMs = parseRetryAfter(headers['retry-after']);
  return { kind: 'refused', reason, retryable, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

/** Milliseconds from a Retry-After header in either of its forms: seconds or an HTTP date. */
function parseRetryAfter(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const ms = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

/** The error's code only: its message names host and port. */
function connectionProblem(error: NodeJS.ErrnoException): string {
  if (error.name === 'TimeoutError') return `no answer within ${String(TIMEOUT_MS / 1000)} s`;
  return `the connection failed (${error.code ?? error.name})`;
}
