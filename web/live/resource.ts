import { useCallback, useEffect, useSyncExternalStore } from 'react';
import { createStore, type Store } from './store.ts';

/** Something that the service knows, and how fresh our copy is. */
export interface Loaded<T> {
  readonly data: T | undefined;
  /** Why the last attempt failed; `data` is then older. */
  readonly error: Error | undefined;
  /** When the first attempt began that has not succeeded yet; null while the data is current. */
  readonly waitingSince: number | null;
}

export interface Resource<T> extends Loaded<T> {
  reload(): Promise<void>;
}

type Load<T> = (signal: AbortSignal) => Promise<T>;

interface Entry<T> {
  readonly state: Store<Loaded<T>>;
  /** How many components show it: as long as there are any it is kept. */
  users: number;
  load(load: Load<T>): Promise<void>;
}

const MOST_KEPT = 60;
const entries = new Map<string, Entry<unknown>>();

/**
 * Loads what `key` names, and again every `everyMs` while the page is visible. Pages that come back show what they knew at
 * once. `load` may depend on nothing but the key.
 */
export function useResource<T>(
  key: string,
  load: Load<T>,
  { everyMs }: { everyMs?: number | undefined } = {},
): Resource<T> {
  const entry = entryOf(key) as Entry<T>;
  useEffect(() => {
    entry.users++;
    const stop = repeat(() => entry.load(load), everyMs);
    return () => {
      entry.users--;
      stop();
    };
  }, [entry, everyMs]);
  const state = useSyncExternalStore(entry.state.subscribe, entry.state.get);
  const reload = useCallback(() => entry.load(load), [entry]);
  return { ...state, reload };
}

function entryOf(key: string): Entry<unknown> {
  const known = entries.get(key);
  if (known) return known;
  if (entries.size >= MOST_KEPT) forgetOldest();
  const entry = createEntry<unknown>();
  entries.set(key, entry);
  return entry;
}

function forgetOldest(): void {
  for (const [key, { users }] of entries) {
    if (users > 0) continue;
    entries.delete(key);
    return;
  }
}

function createEntry<T>(): Entry<T> {
  const state = createStore<Loaded<T>>({ data: undefined, error: undefined, waitingSince: null });
  let underWay: AbortController | undefined;
  return {
    state,
    users: 0,
    async load(load) {
      underWay?.abort();
      const mine = (underWay = new AbortController());
      const since = state.get().waitingSince ?? Date.now();
      if (state.get().data === undefined) state.set({ ...state.get(), waitingSince: since });
      try {
        const data = await load(mine.signal);
        if (!mine.signal.aborted) state.set({ data, error: undefined, waitingSince: null });
      } catch (error) {
        if (!mine.signal.aborted) state.set({ data: state.get().data, error: error as Error, waitingSince: since });
      }
    },
  };
}

/** Runs the task now, then `everyMs` after each end; a hidden page waits until it is looked at. */
function repeat(task: () => Promise<void>, everyMs: number | undefined): () => void {
  let timer: number | undefined;
  let stopped = false;
  const round = async (): Promise<void> => {
    window.clearTimeout(timer);
    await task();
    if (!stopped && everyMs !== undefined && !document.hidden) timer = window.setTimeout(() => void round(), everyMs);
  };
  const onVisible = (): void => {
    if (!document.hidden && everyMs !== undefined) void round();
  };
  document.addEventListener('visibilitychange', onVisible);
  void round();
  return () => {
    stopped = true;
    window.clearTimeout(timer);
    document.removeEventListener('visibilitychange', onVisible);
  };
}
