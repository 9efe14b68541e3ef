import { ApiException } from '@kubernetes/client-node';
import { Unretryable } from '../kit/index.ts';

/** Refusals that may be over the next time: time-out, conflict with another writer, too many requests. */
const PASSING = new Set([408, 409, 429]);

/** What the client threw, in a sentence that names no address: what the cluster said, or that it said nothing. */
export function explain(thrown: unknown, signal: AbortSignal): Error {
  if (signal.aborted) return signal.reason as Error;
  if (thrown instanceof ApiException) return explainAnswer(thrown);
  const { code, name, type } = thrown as { code?: string; name?: string; type?: string };
  if (name === 'AbortError' || name === 'TimeoutError') return new Error('The cluster did not answer within 30 s');
  if (name === 'FetchError') return new Error(`The cluster cannot be reached (${code ?? type ?? 'unknown'})`);
  return thrown as Error;
}

function explainAnswer({ code, body }: ApiException<unknown>): Error {
  const message = `The cluster answered ${String(code)}: ${reasonIn(body)}`;
  return code >= 400 && code < 500 && !PASSING.has(code) ? new Unretryable(message) : new Error(message);
}

/** The `message` of a Status object, which the client may hand out as text. */
function reasonIn(body: unknown): string {
  const status = typeof body === 'string' ? parse(body) : body;
  const { message } = (status ?? {}) as { message?: unknown };
  return typeof message === 'string' ? message : 'no reason given';
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
