import { useSyncExternalStore } from 'react';
import { createStore } from './store.ts';

/** When the service stopped answering; null while it answers. */
const lostAt = createStore<number | null>(null);

export function connectionWorks(): void {
  lostAt.set(null);
}

export function connectionFailed(): void {
  if (lostAt.get() === null) lostAt.set(Date.now());
}

export function useLostConnection(): number | null {
  return useSyncExternalStore(lostAt.subscribe, lostAt.get);
}
