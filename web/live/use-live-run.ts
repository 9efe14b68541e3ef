import { useEffect, useState } from 'react';
import { TERMINAL_EVENTS } from '../../contracts/events.ts';
import { isTerminal } from '../../contracts/statuses.ts';
import { api, bodyOf } from '../api-client.ts';
import type { Run } from '../wire.ts';
import { coalesce } from './coalesce.ts';
import { followStream, type StreamState } from './event-stream.ts';
import { useResource, type Resource } from './resource.ts';

export interface RunEvent {
  readonly sequence: number;
  readonly type: string;
  readonly time: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface LiveRun {
  readonly run: Resource<Run>;
  readonly stream: StreamState;
  readonly events: readonly RunEvent[];
}

/** Events come in bursts; the run is read at most this often for them. */
const REREAD_MS = 200;
/** For what has no event: instances that were added, progress. */
const POLL_MS = 5_000;

/** A run that follows its events: the page is behind the service by less than a second. */
export function useLiveRun(workflow: string, runId: string): LiveRun {
  const path = { id: workflow, runId };
  const key = `run/${workflow}/${runId}`;
  const [ended, setEnded] = useState(false);
  const load = (signal: AbortSignal): Promise<Run> =>
    bodyOf(api.GET('/api/workflows/{id}/runs/{runId}', { params: { path }, signal }));
  const run = useResource(key, load, { everyMs: ended ? undefined : POLL_MS });
  const [stream, setStream] = useState<StreamState>({ kind: 'connecting' });
  const [events, setEvents] = useState<readonly RunEvent[]>([]);

  const isOver = run.data !== undefined && isTerminal(run.data.status);
  useEffect(() => setEnded(isOver), [isOver]);
  useEffect(() => {
    const stop = new AbortController();
    const reread = coalesce(run.reload, REREAD_MS);
    let last: RunEvent | undefined;
    setEvents([]);
    void followStream({
      url: `/api/workflows/${encodeURIComponent(workflow)}/runs/${runId}/events`,
      onMessages(messages) {
        const news = messages.map(({ data }) => JSON.parse(data) as RunEvent);
        last = news.at(-1) ?? last;
        setEvents((before) => [...before, ...news]);
        reread();
      },
      onState: setStream,
      isOver: () => TERMINAL_EVENTS.has(last?.type ?? ''),
      signal: stop.signal,
    });
    return () => stop.abort();
  }, [key]);
  return { run, stream, events };
}
