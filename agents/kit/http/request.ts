import { request as requestHttp, type IncomingHttpHeaders, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { RequestFailed } from './request-failed.ts';
import { resolveTarget, type Target } from './target.ts';

export interface HttpRequest {
  readonly url: URL;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** True also reaches loopback and private networks; link-local and metadata addresses are never reached. */
  readonly allowPrivate: boolean;
  /** The answer's body is cut here; 0 does not read it. */
  readonly maxBytes?: number;
  /** PEM certificates to trust instead of the system's. */
  readonly ca?: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/**
 * One HTTP request to an address that was checked before and is used as it was checked, whatever DNS says by then.
 * Redirects are not followed: they could lead to an address that nobody checked. Throws RequestFailed.
 */
export async function request(options: HttpRequest): Promise<HttpAnswer> {
  const target = await resolveTarget(options.url.hostname.replace(/^\[|\]$/g, ''), options.allowPrivate);
  return new Promise((resolve, reject) => {
    const { url, signal, timeoutMs, maxBytes = 0 } = options;
    const send = url.protocol === 'https:' ? requestHttps : requestHttp;
    const deadline = AbortSignal.timeout(timeoutMs);
    const fail = (error: NodeJS.ErrnoException) => {
      reject(explain(error, deadline.aborted ? timeoutMs : undefined, signal));
    };
    const outgoing = send(
      url,
      { ...toNode(options, target), signal: AbortSignal.any([signal, deadline]) },
      (response) => {
        readBody(response, maxBytes).then((body) => {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
        }, fail);
      },
    );
    outgoing.on('error', fail);
    outgoing.end(options.body);
  });
}

function toNode({ method = 'GET', headers, body, ca }: HttpRequest, target: Target): RequestOptions & { ca?: string } {
  return {
    method,
    headers: { ...headers, ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }) },
    lookup: pinTo(target),
    ...(ca !== undefined && { ca }),
  };
}

function pinTo({ address, family }: Target): LookupFunction {
  return (_host, options, callback) => {
    if (options.all === true) callback(null, [{ address, family }]);
    else callback(null, address, family);
  };
}

async function readBody(response: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    if (size < maxBytes) chunks.push(chunk.subarray(0, maxBytes - size));
    size += chunk.length;
    if (size >= maxBytes) break; // which also closes the connection
  }
  return Buffer.concat(chunks).toString('utf8');
}

function explain(error: NodeJS.ErrnoException, timeoutMs: number | undefined, signal: AbortSignal): Error {
  if (signal.aborted) return signal.reason as Error;
  const reason =
    timeoutMs === undefined
      ? `the connection failed (${error.code ?? error.name})`
      : `no answer within ${String(timeoutMs / 1000)} s`;
  return new RequestFailed(reason, { retryable: true, cause: error });
}
