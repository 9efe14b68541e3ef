import { EventSourceParserStream, type EventSourceMessage } from 'eventsource-parser/stream';
import type { Problem } from '../contracts/errors.ts';
import { CliError, EXIT, type ExitCode } from './exit-codes.ts';

export type Query = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** Where a service is and who asks. */
export interface Target {
  readonly url: string;
  readonly token: string | undefined;
}

interface Sending {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

export interface StreamOptions {
  /** Behind which event to go on. */
  readonly lastEventId?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The service over HTTP. Every method throws CliError: unreachable, refused, or invalid with the problems named. */
export interface Client {
  readonly url: string;
  get<T>(path: string, query?: Query): Promise<T>;
  /** Every page of a list, up to `limit` items. */
  list<T>(path: string, query?: Query, limit?: number): Promise<T[]>;
  post<T>(path: string, sending?: Sending, query?: Query): Promise<T>;
  put<T>(path: string, sending: Sending): Promise<T>;
  delete(path: string): Promise<void>;
  /** A stream of server-sent events; ends when the service ends it, throws when it breaks. */
  events(path: string, options?: StreamOptions): AsyncIterable<EventSourceMessage>;
}

const PAGE = 100;

export function createClient({ url, token }: Target): Client {
  const base = url.replace(/\/+$/, '');

  async function send(method: string, path: string, { body, headers = {}, signal }: Sending = {}, query: Query = {}) {
    const response = await fetch(withQuery(`${base}${path}`, query), {
      method,
      headers: {
        Accept: 'application/json',
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    }).catch((error: unknown) => {
      throw unreachable(base, error);
    });
    if (!response.ok) throw await refusal(response, `${method} ${path}`);
    return response;
  }

  async function list<T>(path: string, query: Query = {}, limit = Infinity): Promise<T[]> {
    const items: T[] = [];
    let next: string | undefined = withQuery(path, { ...query, limit: Math.min(PAGE, limit) });
    while (next !== undefined && items.length < limit) {
      const response = await send('GET', next);
      items.push(...((await response.json()) as T[]));
      next = nextPage(response.headers.get('link'));
    }
    return items.slice(0, limit);
  }

  return {
    url: base,
    get: async <T>(path: string, query?: Query) => (await send('GET', path, {}, query)).json() as Promise<T>,
    list,
    post: async <T>(path: string, sending?: Sending, query?: Query) =>
      (await send('POST', path, sending, query)).json() as Promise<T>,
    put: async <T>(path: string, sending: Sending) => (await send('PUT', path, sending)).json() as Promise<T>,
    async delete(path) {
      await send('DELETE', path);
    },
    async *events(path, { lastEventId, signal } = {}) {
      const headers = {
        Accept: 'text/event-stream',
        ...(lastEventId !== undefined && { 'Last-Event-ID': lastEventId }),
      };
      const { body } = await send('GET', path, { headers, signal });
      if (body) yield* body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
    },
  };
}

function withQuery(path: string, query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? (value as readonly string[]) : [String(value)])
      parameters.append(name, one);
  }
  const text = parameters.toString();
  return text === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${text}`;
}

/** Of `<…>; rel="next"` (RFC 8288), as a path. */
function nextPage(link: string | null): string | undefined {
  return link === null ? undefined : /<([^>]+)>;\s*rel="?next"?/.exec(link)?.[1];
}

function unreachable(url: string, error: unknown): CliError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const reason = cause instanceof Error ? cause.message || (cause as NodeJS.ErrnoException).code : String(cause);
  return new CliError(
    EXIT.unreachable,
    `The service at ${url} cannot be reached (${reason ?? 'no answer'}). Start one with \`npm start\`, or name another with --url or COMMANDCENTER_URL.`,
    { cause },
  );
}

interface ProblemDocument {
  readonly title?: string;
  readonly detail?: string;
  readonly errors?: readonly Problem[];
}

async function refusal(response: Response, request: string): Promise<CliError> {
  const text = await response.text();
  const { title, detail, errors = [] } = asProblem(text);
  const message = detail ?? title ?? `${request} was answered with ${response.status} ${response.statusText}`;
  return new CliError(exitCodeOf(response.status), withAdvice(response.status, message), {
    problems: errors,
    status: response.status,
  });
}

function asProblem(text: string): ProblemDocument {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? parsed : {};
  } catch {
    return {};
  }
}

function exitCodeOf(status: number): ExitCode {
  if (status === 401 || status === 403) return EXIT.refused;
  return status >= 500 || status === 429 ? EXIT.unreachable : EXIT.usage;
}

function withAdvice(status: number, message: string): string {
  if (status !== 401) return message;
  return `${message} Give a token with --token, COMMANDCENTER_TOKEN or a context of the configuration file.`;
}
