import type { CustomFetch } from 'openid-client';
import { request } from '../../agents/kit/http/request.ts';

const MOST_BYTES = 1024 * 1024;

/**
 * How the provider is asked: its name is resolved once, and the address that was checked is the one that is used, whatever DNS
 * says by then. Redirects are not followed, so that no answer leads to an address that nobody checked.
 * @param privateHosts hosts that may have private or loopback addresses; link-local and metadata ones none may have
 */
export function createProviderFetch(privateHosts: readonly string[], timeoutMs: number): CustomFetch {
  const mayBePrivate = new Set(privateHosts.map((host) => host.toLowerCase()));
  return async (address, { method, headers, body, signal }) => {
    const url = new URL(address);
    const answer = await request({
      url,
      method,
      headers,
      ...(isSent(body) && { body: String(body) }),
      signal: signal ?? AbortSignal.timeout(timeoutMs),
      timeoutMs,
      allowPrivate: mayBePrivate.has(url.hostname.replace(/^\[|\]$/g, '')),
      maxBytes: MOST_BYTES,
    });
    const type = answer.headers['content-type'];
    const { status } = answer;
    return new Response(mayHaveBody(status) ? answer.body : null, {
      status,
      headers: type === undefined ? {} : { 'content-type': type },
    });
  };
}

function isSent(body: unknown): body is string | URLSearchParams {
  return typeof body === 'string' || body instanceof URLSearchParams;
}

function mayHaveBody(status: number): boolean {
  return ![204, 205, 304].includes(status);
}
