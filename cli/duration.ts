const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

/** `340 ms`, `4.2 s`, `2m 05s`, `3h 12m`. */
export function formatDuration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return '';
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  const [big, small] = ms < 3_600_000 ? ([60_000, 1_000] as const) : ([3_600_000, 60_000] as const);
  const suffixes = ms < 3_600_000 ? (['m', 's'] as const) : (['h', 'm'] as const);
  const rest = String(Math.floor((ms % big) / small)).padStart(2, '0');
  return `${Math.floor(ms / big)}${suffixes[0]} ${rest}${suffixes[1]}`;
}

/** `3m ago`. */
export function formatAge(time: string | null, now: number): string {
  if (time === null) return '';
  const ms = Math.max(0, now - Date.parse(time));
  const unit = UNITS.find(([, length]) => ms >= length);
  return unit ? `${Math.floor(ms / unit[1])}${unit[0]} ago` : 'now';
}
