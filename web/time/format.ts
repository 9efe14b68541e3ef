const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always', style: 'long' });

/** `3 minutes ago`, `in 2 hours`: words without a full stop, since they end sentences. */
export function formatRelative(at: number, now: number): string {
  const distance = at - now;
  if (Math.abs(distance) < 1_000) return 'just now';
  const [unit, size] = UNITS.find(([, ms]) => Math.abs(distance) >= ms) ?? UNITS[3];
  return relative.format(Math.trunc(distance / size), unit);
}

/** `2026-11-24 14:05:09`, in the time of this browser or in UTC. */
export function formatAbsolute(at: number, zone: 'local' | 'utc'): string {
  const shifted = zone === 'utc' ? at : at - new Date(at).getTimezoneOffset() * 60_000;
  const text = new Date(shifted).toISOString().slice(0, 19).replace('T', ' ');
  return zone === 'utc' ? `${text} UTC` : text;
}

/** `14:05:09.123`, for lines of a log. */
export function formatClock(at: number, zone: 'local' | 'utc'): string {
  const shifted = zone === 'utc' ? at : at - new Date(at).getTimezoneOffset() * 60_000;
  return new Date(shifted).toISOString().slice(11, 23);
}

/** `87 ms`, `4.2 s`, `3 min 5 s`, `2 h 10 min`, `3 d 4 h`. */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 10_000) return `${(ms / 1_000).toFixed(1)} s`;
  if (ms < 60_000) return `${Math.floor(ms / 1_000)} s`;
  if (ms < 3_600_000) return pair(ms, [60_000, 'min'], [1_000, 's']);
  if (ms < 86_400_000) return pair(ms, [3_600_000, 'h'], [60_000, 'min']);
  return pair(ms, [86_400_000, 'd'], [3_600_000, 'h']);
}

function pair(ms: number, [size, unit]: [number, string], [smallSize, smallUnit]: [number, string]): string {
  const rest = Math.floor((ms % size) / smallSize);
  return `${Math.floor(ms / size)} ${unit}${rest > 0 ? ` ${rest} ${smallUnit}` : ''}`;
}
