import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { api, pageOf } from '../../api-client.ts';
import { useResource } from '../../live/resource.ts';
import type { Page, RunSummary } from '../../wire.ts';
import { joinPages } from './join-pages.ts';
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
  const [held, hold] = useState<Page<RunSummary>>();
  const [error, setError] = useState<Error>();
  const reading = useRef<AbortController>(undefined);
  useEffect(() => {
    hold(undefined);
    setError(undefined);
    return () => {
      reading.current?.abort();
      reading.current = undefined;
    };
  }, [key]);
  // not before the page stands in the list: the cursor from before would bring it again
  useEffect(() => void (reading.current = undefined), [held]);

  const shown = useMemo(() => first.data && joinPages(first.data, held), [first.data, held]);
  const more = useCallback(() => {
    if (shown?.cursor === undefined || reading.current) return;
    const mine = (reading.current = new AbortController());
    readPage(filter, shown.cursor, mine.signal).then(
      ({ rows, cursor }) => {
        if (mine.signal.aborted) return;
        hold({ rows: [...shown.rows, ...rows], cursor });
        setError(undefined);
      },
      (fault: unknown) => {
        if (mine.signal.aborted) return;
        reading.current = undefined;
        setError(fault as Error);
      },
    );
  }, [shown, filter]);
  return {
    rows: shown?.rows,
    complete: shown !== undefined && shown.cursor === undefined,
    error: first.error ?? error,
    waitingSince: first.waitingSince,
    more,
  };
}

function readPage(filter: RunFilter, cursor: string | undefined, signal?: AbortSignal): Promise<Page<RunSummary>> {
  const query = { ...asQuery(filter), limit: PAGE, ...(cursor !== undefined && { cursor }) };
  return pageOf(api.GET('/api/runs', { params: { query }, signal: signal ?? null }));
}
