interface Zone {
  readonly format: Intl.DateTimeFormat;
  /** by quarter of an hour: clocks are moved at no other times */
  readonly offsets: Map<number, number>;
}

/** Making a format costs as much as 50 uses of it, and one use 40 µs, so both are kept. */
const zones = new Map<string, Zone>();
const QUARTER = 15 * 60_000;
const MOST_OFFSETS = 5_000;

/** How far the zone's clock is ahead of UTC at this instant. Both in ms. @throws RangeError for an unknown zone. */
export function offsetAt(timezone: string, instant: number): number {
  if (timezone === 'UTC') return 0;
  const { format, offsets } = zoneOf(timezone);
  const quarter = Math.floor(instant / QUARTER);
  const offset = offsets.get(quarter) ?? readOffset(format, instant);
  if (offsets.size > MOST_OFFSETS) offsets.clear();
  offsets.set(quarter, offset);
  return offset;
}

function readOffset(format: Intl.DateTimeFormat, instant: number): number {
  const text = format.formatToParts(instant).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const match = /GMT([+-])(\d{2}):(\d{2})/.exec(text);
  if (match === null) return 0;
  const [, sign, hours, minutes] = match;
  return (sign === '-' ? -60_000 : 60_000) * (Number(hours) * 60 + Number(minutes));
}

/** What is wrong with a zone's name, null where nothing is. */
export function timezoneProblem(timezone: string): string | null {
  try {
    zoneOf(timezone);
    return null;
  } catch {
    return `Unknown time zone "${timezone}": write a name of the IANA database, such as "Europe/Berlin" or "UTC"`;
  }
}

function zoneOf(timezone: string): Zone {
  const zone = zones.get(timezone) ?? {
    format: new Intl.DateTimeFormat('en-US', { timeZone: timezone, timeZoneName: 'longOffset' }),
    offsets: new Map<number, number>(),
  };
  zones.set(timezone, zone);
  return zone;
}
