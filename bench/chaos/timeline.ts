import type { History } from './history/history.ts';

interface Moment {
  readonly at: number;
  readonly text: string;
}

/** What happened to a run, line by line: its events, its agents' lines but the beats, what callers were told. */
export function timelineOf({ events, journal, answers }: History, runId: string): string[] {
  const moments: Moment[] = [
    ...answers
      .filter((answer) => answer.runId === runId)
      .map(({ at, key, status }) => ({ at, text: `answered ${status} to key ${key}` })),
    ...events
      .filter((event) => event.runId === runId)
      .map(({ at, sequence, type, nodeId, status }) => ({
        at,
        text: `event ${sequence} ${type} ${nodeId ?? ''} ${status ?? ''}`.trimEnd(),
      })),
    ...journal
      .filter((line) => line.runId === runId && line.what !== 'beat')
      .map(({ at, what, nodeId, attempt, pid }) => ({
        at,
        text: `agent ${nodeId} attempt ${attempt} ${what} (process ${pid})`,
      })),
  ];
  return moments.sort((a, b) => a.at - b.at).map(({ at, text }) => `${new Date(at).toISOString()} ${text}`);
}
