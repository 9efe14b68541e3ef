import { useCallback, useEffect, useRef, useState } from 'react';
import { api, pageOf, type Page } from '../../api-client.ts';
import { useResource } from '../../live/resource.ts';
import type { RunSummary } from '../../wire.ts';
import { asQuery, type RunFilter } from './run-filter.ts';

interface RunSearch {
  readonly rows: readonly RunSummary[] | undefined;
  readonly complete: boolean;
  readonly error: Error | undefined;
  readonly waitingSince: number | null;
  more(): void;
}

const PAGE = 100;
const POLL_MS = 2_000;

/** The runs that fit: the newest ones stay current, older pages come as they are scrolled to. */
export function useRunSearch(filter: RunFilter): RunSearch {
  const key = `runs?${new URLSearchParams(filter).toString()}`;
  const first = useResource(key, (signal) => readPage(filter, undefined, signal), { everyMs: POLL_MS });
  const [older, setOlder] = useState<Page<RunSummary>>();
  const [error, setError] = useState<Error>();
  const reading = useRef(false);
  useEffect(() => setOlder(undefined), [key]);

  const cursor = older ? older.cursor : first.data?.cursor;
  const more = useCallback(() => {
    if (cursor === undefined || reading.current) return;
    reading.current = true;
    readPage(filter, cursor)
      .then(
        ({ rows, cursor: next }) => setOlder((before) => ({ rows: [...(before?.rows ?? []), ...rows], cursor: next })),
        setError,
      )
      .finally(() => (reading.current = false));
  }, [cursor, filter]);
  return {
    rows: first.data && merge(first.data.rows, older?.rows ?? []),
    complete: first.data !== undefined && cursor === undefined,
    error: first.error ?? error,
    waitingSince: first.waitingSince,
    more,
  };
}

/** New runs push others down from the first page while older pages are held: each run stands once. */
function merge(newest: readonly RunSummary[], older: readonly RunSummary[]): readonly RunSummary[] {
  if (older.length === 0) return newest;
  const seen = new Set(newest.map(({ id }) => id));
  return [...newest, ...older.filter(({ id }) => !seen.has(id))];
}

function readPage(filter: RunFilter, cursor: string | undefined, signal?: AbortSignal): Promise<Page<RunSummary>> {
  const query = { ...asQuery(filter), limit: PAGE, ...(cursor !== undefined && { cursor }) };
  return pageOf(api.GET('/api/runs', { params: { query }, signal: signal ?? null }));
}
