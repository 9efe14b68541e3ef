import { setTimeout as delay } from 'node:timers/promises';
import type { Rig } from '../rig/rig.ts';

/** Calls whichever API replica answers, as a client behind a load balancer does. */
export interface Client {
  post<T>(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<T>>;
  get<T>(path: string): Promise<Answer<T>>;
  /** Like `post`, until it is answered with something other than 5xx: for what may safely be repeated. */
  insist<T>(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer<T>>;
}

export interface Answer<T> {
  /** 0 where there was none. */
  readonly status: number;
  readonly body: T;
}

const CALL_MS = 10_000;
const AGAIN_MS = 100;

export function createClient(rig: Rig): Client {
  let turn = 0;

  async function call<T>(method: string, path: string, body?: unknown, headers = {}): Promise<Answer<T>> {
    const apis = rig.replicas('api');
    const url = apis[turn++ % Math.max(1, apis.length)]?.url;
    if (url === undefined) return { status: 0, body: undefined as T };
    try {
      const response = await fetch(`${url}${path}`, {
        method,
        signal: AbortSignal.timeout(CALL_MS),
        headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: (await response.json()) as T };
    } catch {
      return { status: 0, body: undefined as T };
    }
  }

  return {
    post: (path, body = {}, headers) => call('POST', path, body, headers),
    get: (path) => call('GET', path),
    async insist(path, body, headers) {
      for (;;) {
        const answer = await call<never>('POST', path, body, headers);
        if (answer.status !== 0 && answer.status < 500) return answer;
        await delay(AGAIN_MS);
      }
    },
  };
}
