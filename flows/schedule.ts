import { createHash } from 'node:crypto';
import { CronExpressionParser, type CronExpression } from 'cron-parser';
import { AppError } from '../contracts/errors.ts';
import { offsetAt, timezoneProblem } from './timezone.ts';

/**
 * The next `count` times after `from`, ascending.
 *
 * Clocks that are put forward or back follow cron's own rule: a time of day that does not exist that day runs once, as
 * much later as the clock was moved; one that comes twice runs the first time only. Expressions with `*` as the hour
 * go by real time: they run in both hours, and in no hour that does not exist.
 *
 * cron-parser is asked in UTC only: with a zone of its own it gives up at midnights that do not exist (`0 0 * * *` in
 * Africa/Cairo: "loop limit exceeded") and leaves out days where the clock moves by half an hour (Lord Howe Island).
 * @throws AppError INVALID_INPUT for a cron expression or time zone that is none.
 */
export function nextTimes(cron: string, timezone: string, from: Date, count: number): Date[] {
  const times = collect(cron, timezone, from, (found, wall) => {
    const last = found[count - 1];
    return last !== undefined && wall > last + offsetAt(timezone, last) + shiftNear(timezone, last);
  });
  return times.slice(0, count);
}

/** The times in `(after, until]`, ascending; the newest `limit` of them where there are more. */
export function dueTimes(cron: string, timezone: string, after: Date, until: Date, limit = 1_000): Date[] {
  const end = until.getTime();
  const times = collect(
    cron,
    timezone,
    after,
    (_, wall) => wall > end + offsetAt(timezone, end) + shiftNear(timezone, end),
  );
  return times.filter((time) => time <= until).slice(-limit);
}

/** What is wrong with a cron expression or its zone, in words for its author; null where nothing is. */
export function cronProblem(cron: string, timezone: string): string | null {
  try {
    nextTimes(cron, timezone, new Date(), 1);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : 'Invalid cron expression';
  }
}

/** A delay below `jitterSeconds`, the same for the same trigger and time, so that every replica agrees. In ms. */
export function jitterMs(triggerId: string, time: Date, jitterSeconds: number): number {
  const digest = createHash('sha256').update(`${triggerId} ${time.toISOString()}`).digest();
  return Math.floor((digest.readUInt32BE(0) / 2 ** 32) * jitterSeconds * 1_000);
}

/** Clocks are never moved by more than this at once, zones that skip a day aside. In ms. */
const LONGEST_SHIFT = 3 * 3_600_000;
const DAY = 24 * 3_600_000;

/** How far times may be out of order around this instant: not at all but for two days of the year. */
function shiftNear(timezone: string, instant: number): number {
  return offsetAt(timezone, instant - DAY) === offsetAt(timezone, instant + DAY) ? 0 : LONGEST_SHIFT;
}

/** Steps through one search at most: a year of minutes. */
const MOST_STEPS = 530_000;

/**
 * Goes through the times on the wall clock (milliseconds as if the zone were UTC) and turns each into real times. Around
 * a shift these come out of order by no more than the shift, so `isEnough` lets the search run on for that long.
 */
function collect(
  cron: string,
  timezone: string,
  from: Date,
  isEnough: (found: readonly number[], wall: number) => boolean,
): Date[] {
  const start = from.getTime();
  assertReadable(cron, timezone);
  const isHourly = fieldsOf(cron).at(-4)?.startsWith('*') ?? false;
  const walls = parse(cron, start + offsetAt(timezone, start) - shiftNear(timezone, start));
  const found: number[] = [];
  // a time put off by a shift may fall on another one
  const seen = new Set<number>();
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const wall = nextWall(walls, cron);
    if (isEnough(found, wall)) break;
    const instants = instantsOf(wall, timezone, isHourly).filter((instant) => instant > start && !seen.has(instant));
    for (const instant of instants) seen.add(instant);
    found.push(...instants);
  }
  return found.sort((a, b) => a - b).map((instant) => new Date(instant));
}

function instantsOf(wall: number, timezone: string, isHourly: boolean): number[] {
  const before = offsetAt(timezone, wall - DAY);
  const after = offsetAt(timezone, wall + DAY);
  if (before === after) return [wall - before];
  const real = [wall - before, wall - after].filter((instant) => instant + offsetAt(timezone, instant) === wall);
  if (isHourly) return real;
  // a time that does not exist is read by the offset that held until then
  return [real[0] ?? wall - before];
}

function nextWall(walls: CronExpression, cron: string): number {
  try {
    return walls.next().getTime();
  } catch (error) {
    throw invalid(`Invalid cron "${cron}": it never comes`, error);
  }
}

function assertReadable(cron: string, timezone: string): void {
  const zoneProblem = timezoneProblem(timezone);
  if (zoneProblem !== null) throw invalid(zoneProblem);
  const fields = fieldsOf(cron);
  const isAlias = fields.length === 1 && cron.startsWith('@');
  if (!isAlias && fields.length !== 5 && fields.length !== 6) {
    throw invalid(
      `Invalid cron "${cron}": it has ${fields.length} fields; write "minute hour day-of-month month day-of-week", as in "0 3 * * *"`,
    );
  }
  // cron-parser draws H by chance each time it is asked
  if (fields.some((field) => /^H/i.test(field)))
    throw invalid(`Invalid cron "${cron}": H is not supported; use jitterSeconds`);
}

function parse(cron: string, from: number): CronExpression {
  try {
    return CronExpressionParser.parse(cron, { tz: 'UTC', currentDate: new Date(from) });
  } catch (error) {
    throw invalid(`Invalid cron "${cron}": ${error instanceof Error ? error.message : 'it cannot be read'}`, error);
  }
}

const ALIASES: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@minutely': '* * * * *',
  '@secondly': '* * * * * *',
};

function fieldsOf(cron: string): string[] {
  return (ALIASES[cron] ?? cron).trim().split(/\s+/);
}

function invalid(message: string, cause?: unknown): AppError {
  return new AppError('INVALID_INPUT', message, { cause });
}
