import { useSyncExternalStore } from 'react';
import { createStore, type Store } from '../live/store.ts';

export const THEMES = ['system', 'light', 'dark'] as const;

export const TIME_STYLES = ['relative', 'local', 'utc'] as const;

interface Preference<T extends string> {
  readonly choices: readonly T[];
  readonly store: Store<T>;
  choose(value: T): void;
}

/** A choice that this browser keeps. */
function createPreference<T extends string>(
  name: string,
  choices: readonly [T, ...T[]],
  onChange?: (value: T) => void,
): Preference<T> {
  const kept = read(name);
  const store = createStore<T>(choices.find((choice) => choice === kept) ?? choices[0]);
  onChange?.(store.get());
  return {
    choices,
    store,
    choose(value) {
      store.set(value);
      onChange?.(value);
      write(name, value);
    },
  };
}

/** A browser may refuse to keep anything (private windows, policies): the choice then lasts as long as the page. */
function read(name: string): string | null {
  try {
    return localStorage.getItem(`commandcenter.${name}`);
  } catch {
    return null;
  }
}

function write(name: string, value: string): void {
  try {
    localStorage.setItem(`commandcenter.${name}`, value);
  } catch {
    // see read
  }
}

export const theme = createPreference('theme', THEMES, (value) => {
  document.documentElement.dataset.theme = value;
});
export const timeStyle = createPreference('time', TIME_STYLES);

export function usePreference<T extends string>({ store }: Preference<T>): T {
  return useSyncExternalStore(store.subscribe, store.get);
}
