import { formatDuration } from '../duration.ts';
import { oneLine } from '../output.ts';
import type { RunEventWire } from '../wire.ts';

/** Turns events into lines for where nothing can be drawn twice: pipes, files, CI. */
export function createEventLines(): (event: RunEventWire) => string {
  const startedAt = new Map<string, number>();
  return ({ type, time, data }) => {
    const at = Date.parse(time);
    const { nodeId, itemIndex, attempt, error, waitingFor } = readData(data);
    const subject = nodeId === undefined ? 'run' : itemIndex === undefined ? nodeId : `${nodeId}[${itemIndex}]`;
    if (type === 'node.started' || type === 'run.started') startedAt.set(subject, at);
    const took = isEnd(type) && startedAt.has(subject) ? formatDuration(at - (startedAt.get(subject) ?? at)) : '';
    const parts = [
      time.slice(11, 19),
      subject.padEnd(16),
      (type.split('.')[1] ?? type).padEnd(9),
      took.padStart(7),
      ...(attempt > 1 ? [`attempt ${attempt}`] : []),
      ...(waitingFor === undefined ? [] : [`waits for ${waitingFor}`]),
      ...(error === undefined ? [] : [oneLine(error)]),
    ];
    return parts.join('  ').trimEnd();
  };
}

function isEnd(type: string): boolean {
  return /\.(succeeded|failed|cancelled|skipped|retrying)$/.test(type);
}

function readData(data: RunEventWire['data']) {
  const { nodeId, itemIndex, attempt, error, waitingFor } = data;
  const message = typeof error === 'object' && error !== null && 'message' in error ? error.message : undefined;
  return {
    nodeId: typeof nodeId === 'string' ? nodeId : undefined,
    itemIndex: typeof itemIndex === 'number' ? itemIndex : undefined,
    attempt: typeof attempt === 'number' ? attempt : 0,
    error: typeof message === 'string' ? message : undefined,
    waitingFor: typeof waitingFor === 'string' ? waitingFor : undefined,
  };
}
