import createClient, { type Client } from 'openapi-fetch';
import type { components, paths } from './api.generated.ts';
import { followEvents, type FollowOptions, type RunEvent } from './events.ts';
import { everyRow } from './pages.ts';
import { bodyOf } from './problem.ts';

export { everyRow } from './pages.ts';
export { bodyOf, CommandCenterError, type Problem } from './problem.ts';
export type { FollowOptions, RunEvent } from './events.ts';
export type { components, operations, paths } from './api.generated.ts';

type Schemas = components['schemas'];
export type Run = Schemas['WorkflowRun'];
export type RunSummary = Schemas['WorkflowRunSummary'];
export type AcceptedRun = Schemas['AcceptedRun'];
export type StartedRun = Schemas['StartedRun'];
export type Workflow = Schemas['Workflow'];
export type WorkflowDefinition = Schemas['WorkflowDefinition'];

export interface ConnectOptions {
  /** Default: http://127.0.0.1:9002 */
  readonly url?: string;
  readonly token?: string;
  /** Instead of the global one: for proxies and tests. */
  readonly fetch?: typeof fetch;
}

/** Names a run: what `trigger` gives, or the row of a list. */
export interface RunName {
  readonly workflow: string;
  readonly runId: string;
}

export interface TriggerOptions {
  readonly input?: Readonly<Record<string, unknown>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly version?: number;
  /** The same key with the same input starts one run within a day. */
  readonly idempotencyKey?: string;
  /** Seconds to wait for the end of the run, which is then in the answer; 60 at most. */
  readonly wait?: number;
}

export interface CommandCenter {
  /** Every operation of the API, typed: `api.GET('/api/runs', {params: {query: {status: 'FAILED'}}})`. */
  readonly api: Client<paths>;
  /** Starts a run. @throws CommandCenterError */
  trigger(workflow: string, options?: TriggerOptions): Promise<StartedRun>;
  /** The run as it ended, however long that takes. @throws CommandCenterError */
  ended(run: RunName, options?: { readonly signal?: AbortSignal }): Promise<Run>;
  /** The events of a run, as they happen. @throws CommandCenterError */
  events(run: RunName, options?: FollowOptions): AsyncGenerator<RunEvent>;
  /** The runs that fit, newest first, page after page. @throws CommandCenterError */
  runs(filter?: NonNullable<paths['/api/runs']['get']['parameters']['query']>): AsyncGenerator<RunSummary>;
}

const DEFAULT_URL = 'http://127.0.0.1:9002';
const PAGE = 100;
/** How long one request waits for a run's end: the longest that the service offers. */
const WAIT_SECONDS = 60;
const TERMINAL: ReadonlySet<Run['status']> = new Set(['SUCCESS', 'FAILED', 'CANCELLED']);

export function connect({ url = DEFAULT_URL, token, fetch: send = fetch }: ConnectOptions = {}): CommandCenter {
  const baseUrl = url.replace(/\/+$/, '');
  const headers: Record<string, string> = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  const api = createClient<paths>({ baseUrl, headers, fetch: send });
  return {
    api,
    trigger(workflow, { input, labels, version, idempotencyKey, wait } = {}) {
      const params = {
        path: { id: workflow },
        query: { ...(version !== undefined && { version }), ...(wait !== undefined && { wait }) },
        ...(idempotencyKey !== undefined && { header: { 'Idempotency-Key': idempotencyKey } }),
      };
      const body = { ...(input && { input: { ...input } }), ...(labels && { labels: { ...labels } }) };
      return bodyOf(api.POST('/api/workflows/{id}/trigger', { params, body }));
    },
    async ended({ workflow, runId }, { signal } = {}) {
      const params = { path: { id: workflow, runId }, query: { wait: WAIT_SECONDS } };
      for (;;) {
        const call = api.GET('/api/workflows/{id}/runs/{runId}', { params, ...(signal && { signal }) });
        const run = await bodyOf(call);
        if (TERMINAL.has(run.status)) return run;
      }
    },
    events({ workflow, runId }, options = {}) {
      const address = `${baseUrl}/api/workflows/${encodeURIComponent(workflow)}/runs/${runId}/events`;
      const { signal = null } = options;
      return followEvents((more) => send(address, { headers: { ...headers, ...more }, signal }), options);
    },
    runs(filter = {}) {
      return everyRow((cursor) =>
        api.GET('/api/runs', {
          params: { query: { limit: PAGE, ...filter, ...(cursor !== undefined && { cursor }) } },
        }),
      );
    },
  };
}
