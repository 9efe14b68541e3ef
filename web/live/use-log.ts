import { useEffect, useState } from 'react';
import { isTerminal } from '../../contracts/statuses.ts';
import { api, bodyOf } from '../api-client.ts';
import type { LogLine } from '../wire.ts';
import { followStream, type StreamState } from './event-stream.ts';

export interface NodeAddress {
  readonly workflow: string;
  readonly runId: string;
  readonly agentRunId: string;
}

export interface LiveLog {
  readonly lines: readonly LogLine[];
  readonly stream: StreamState;
}

/** The log of a node as it is written, from its first line. */
export function useLog({ workflow, runId, agentRunId }: NodeAddress): LiveLog {
  const [lines, setLines] = useState<readonly LogLine[]>([]);
  const [stream, setStream] = useState<StreamState>({ kind: 'connecting' });
  useEffect(() => {
    const stop = new AbortController();
    setLines([]);
    void followStream({
      url: `/api/workflows/${encodeURIComponent(workflow)}/runs/${runId}/agent-runs/${agentRunId}/logs?follow=1`,
      onMessages: (messages) =>
        setLines((before) => [...before, ...messages.map(({ data }) => JSON.parse(data) as LogLine)]),
      onState: setStream,
      isOver: () => hasEnded({ workflow, runId, agentRunId }),
      signal: stop.signal,
    });
    return () => stop.abort();
  }, [workflow, runId, agentRunId]);
  return { lines, stream };
}

/** The service ends the stream with the node, but also when it stops itself. */
async function hasEnded({ workflow, runId, agentRunId }: NodeAddress): Promise<boolean> {
  const path = { id: workflow, runId };
  const rows = await bodyOf(api.GET('/api/workflows/{id}/runs/{runId}/agent-runs', { params: { path } }));
  const row = rows.find(({ id }) => id === agentRunId);
  return row !== undefined && isTerminal(row.status);
}
