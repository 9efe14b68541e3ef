import { useSyncExternalStore } from 'react';
import { createStore } from '../live/store.ts';

const now = createStore(Date.now());
let followers = 0;
let timer: number | undefined;

/** The time, anew each second; one timer for all who look. */
export function useNow(): number {
  return useSyncExternalStore(follow, now.get);
}

function follow(listener: () => void): () => void {
  if (followers++ === 0) {
    now.set(Date.now());
    timer = window.setInterval(() => now.set(Date.now()), 1_000);
  }
  const leave = now.subscribe(listener);
  return () => {
    leave();
    if (--followers === 0) window.clearInterval(timer);
  };
}
