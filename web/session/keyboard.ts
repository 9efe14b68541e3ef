import { useEffect } from 'react';

export interface Shortcut {
  /** As typed: `/`, `?`, `j`, `g r`. */
  readonly keys: string;
  readonly what: string;
  readonly run: () => void;
}

/** How long the first key of two waits for the second. */
const PAIR_MS = 1_000;

/** Listens for shortcuts while the component is there; keys typed into fields stay theirs. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  useEffect(() => {
    let before = { key: '', at: 0 };
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isField(event.target)) return;
      const pair = event.timeStamp - before.at < PAIR_MS ? `${before.key} ${event.key}` : event.key;
      const found = shortcuts.find(({ keys }) => keys === pair) ?? shortcuts.find(({ keys }) => keys === event.key);
      before = { key: event.key, at: event.timeStamp };
      if (!found) return;
      event.preventDefault();
      found.run();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [shortcuts]);
}

function isField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** `j` and `k`: moves the focus among the page's rows, which carry `data-row`. */
export function moveRow(by: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')].filter((row) => row.offsetParent !== null);
  const current = rows.findIndex((row) => row === document.activeElement || row.contains(document.activeElement));
  const next = rows[Math.min(rows.length - 1, Math.max(0, current === -1 ? 0 : current + by))];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

/** `/`: into the page's search, or false where it has none. */
export function focusSearch(): boolean {
  const field = document.querySelector<HTMLElement>('[data-search]');
  field?.focus();
  return field !== null;
}
