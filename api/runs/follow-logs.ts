import { findNodeState } from '../../sql/queries/runs.ts';
import { listLogLines, type LogLine, type LogPosition } from '../../sql/queries/logs.ts';
import { KEEP_ALIVE_MS, type ServerSentEvent } from '../event-stream.ts';
import type { Api } from '../api.ts';

const MOST_AT_ONCE = 1_000;

interface Following {
  readonly runId: string;
  readonly agentRunId: string;
  readonly after: LogPosition;
  readonly attempt: number | undefined;
  readonly signal: AbortSignal;
}

/** The lines of a node's log from a position on, as they come, until the node has ended. */
export async function* followLogs(
  { db, runWatch }: Pick<Api, 'db' | 'runWatch'>,
  { runId, agentRunId, after, attempt, signal }: Following,
): AsyncGenerator<readonly ServerSentEvent[] | null> {
  let last = after;
  let spoke = performance.now();
  while (!signal.aborted) {
    const { changed, cancel } = runWatch.next(runId);
    signal.addEventListener('abort', cancel, { once: true });
    try {
      // asked before the lines: what was written until the end is then among them
      const state = await findNodeState(db, agentRunId);
      const lines = await listLogLines(db, agentRunId, { after: last, attempt, limit: MOST_AT_ONCE });
      if (lines.length > 0) {
        last = lines.at(-1) ?? last;
        yield lines.map(asEvent);
        spoke = performance.now();
        continue;
      }
      if (!state || state.ended) return;
      await changed;
      if (performance.now() - spoke < KEEP_ALIVE_MS) continue;
      yield null;
      spoke = performance.now();
    } finally {
      signal.removeEventListener('abort', cancel);
      cancel();
    }
  }
}

/** `<attempt>.<line>`, as Last-Event-ID gives it back. */
export function readPosition(lastEventId: string): LogPosition {
  const [, attempt, line] = /^(\d{1,9})\.(\d{1,9})$/.exec(lastEventId) ?? [];
  return attempt === undefined || line === undefined ? START : { attempt: Number(attempt), line: Number(line) };
}

export const START: LogPosition = { attempt: -1, line: -1 };

export function presentLine({ attempt, line, at, text }: LogLine) {
  return { attempt, line, at: at.toISOString(), text };
}

function asEvent(line: LogLine): ServerSentEvent {
  return { id: `${String(line.attempt)}.${String(line.line)}`, event: 'line', data: presentLine(line) };
}
