import assert from 'node:assert/strict';
import fc from 'fast-check';
import { cronProblem, dueTimes, jitterMs, nextTimes } from '../../flows/schedule.ts';
import { offsetAt } from '../../flows/timezone.ts';

const iso = (times: readonly Date[]) => times.map((time) => time.toISOString().replace('.000Z', 'Z'));
const next = (cron: string, timezone: string, from: string, count: number) =>
  iso(nextTimes(cron, timezone, new Date(from), count));

describe('a schedule', () => {
  it('tells its next times in UTC', () => {
    assert.deepEqual(next('0 3 * * *', 'UTC', '2030-01-01T03:00:00Z', 2), [
      '2030-01-02T03:00:00Z',
      '2030-01-03T03:00:00Z',
    ]);
    assert.deepEqual(next('@hourly', 'UTC', '2030-01-01T03:00:00Z', 1), ['2030-01-01T04:00:00Z']);
    assert.deepEqual(next('0 0 29 2 *', 'UTC', '2026-01-01T00:00:00Z', 2), [
      '2028-02-29T00:00:00Z',
      '2032-02-29T00:00:00Z',
    ]);
    assert.deepEqual(next('0 9 * * MON-FRI', 'UTC', '2030-01-04T10:00:00Z', 1), ['2030-01-07T09:00:00Z']);
    assert.deepEqual(next('*/20 * * * * *', 'UTC', '2030-01-01T00:00:00Z', 2), [
      '2030-01-01T00:00:20Z',
      '2030-01-01T00:00:40Z',
    ]);
  });

  it('follows the clock of its zone through summer and winter', () => {
    assert.deepEqual(next('0 3 * * *', 'Europe/Berlin', '2026-01-01T12:00:00Z', 1), ['2026-01-02T02:00:00Z']);
    assert.deepEqual(next('0 3 * * *', 'Europe/Berlin', '2026-07-01T12:00:00Z', 1), ['2026-07-02T01:00:00Z']);
    assert.deepEqual(next('30 5 * * *', 'Asia/Kolkata', '2026-07-01T12:00:00Z', 1), ['2026-07-02T00:00:00Z']);
  });

  it('runs a time that does not exist once, as much later as the clock was moved', () => {
    assert.deepEqual(next('30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z', 2), [
      '2026-03-29T01:30:00Z',
      '2026-03-30T00:30:00Z',
    ]);
    assert.deepEqual(next('30 2 * * *', 'America/New_York', '2026-03-07T12:00:00Z', 2), [
      '2026-03-08T07:30:00Z',
      '2026-03-09T06:30:00Z',
    ]);
    // half an hour, and a midnight that does not exist
    assert.deepEqual(next('0 2 * * *', 'Australia/Lord_Howe', '2026-10-03T00:00:00Z', 2), [
      '2026-10-03T15:30:00Z',
      '2026-10-04T15:00:00Z',
    ]);
    assert.deepEqual(next('0 0 * * *', 'Africa/Cairo', '2026-04-23T12:00:00Z', 2), [
      '2026-04-23T22:00:00Z',
      '2026-04-24T21:00:00Z',
    ]);
  });

  it('runs a time that comes twice the first time only', () => {
    assert.deepEqual(next('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z', 2), [
      '2026-10-25T00:30:00Z',
      '2026-10-26T01:30:00Z',
    ]);
    assert.deepEqual(next('30 1 * * *', 'America/New_York', '2026-10-31T12:00:00Z', 2), [
      '2026-11-01T05:30:00Z',
      '2026-11-02T06:30:00Z',
    ]);
  });

  it('with * as the hour goes by real time on both days', () => {
    const berlin = (from: string, count: number) => next('0 * * * *', 'Europe/Berlin', from, count);
    assert.deepEqual(berlin('2026-03-29T00:30:00Z', 2), ['2026-03-29T01:00:00Z', '2026-03-29T02:00:00Z']);
    assert.deepEqual(berlin('2026-10-24T23:30:00Z', 4), [
      '2026-10-25T00:00:00Z',
      '2026-10-25T01:00:00Z',
      '2026-10-25T02:00:00Z',
      '2026-10-25T03:00:00Z',
    ]);
    assert.deepEqual(next('*/30 * * * *', 'Europe/Berlin', '2026-10-25T00:15:00Z', 4), [
      '2026-10-25T00:30:00Z',
      '2026-10-25T01:00:00Z',
      '2026-10-25T01:30:00Z',
      '2026-10-25T02:00:00Z',
    ]);
  });

  it('is due once for each time in a window, ends included only at its end', () => {
    const due = (after: string, until: string, limit?: number) =>
      iso(dueTimes('0 * * * *', 'UTC', new Date(after), new Date(until), limit));
    assert.deepEqual(due('2030-01-01T01:00:00Z', '2030-01-01T03:00:00Z'), [
      '2030-01-01T02:00:00Z',
      '2030-01-01T03:00:00Z',
    ]);
    assert.deepEqual(due('2030-01-01T01:00:00Z', '2030-01-01T01:59:59Z'), []);
    assert.deepEqual(due('2030-01-01T01:00:00Z', '2030-01-01T01:00:00Z'), []);
    assert.deepEqual(due('2030-01-01T00:00:00Z', '2030-01-02T00:00:00Z', 2), [
      '2030-01-01T23:00:00Z',
      '2030-01-02T00:00:00Z',
    ]);
  });

  it('misses and doubles nothing when windows follow each other, in any zone and over both days', () => {
    const zones = [
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
      'Africa/Cairo',
      'Asia/Kathmandu',
      'America/St_Johns',
      'UTC',
    ];
    const days = [
      '2026-03-08',
      '2026-03-29',
      '2026-04-05',
      '2026-04-24',
      '2026-10-04',
      '2026-10-25',
      '2026-11-01',
      '2026-07-01',
    ];
    const crons = ['0 * * * *', '*/15 * * * *', '30 2 * * *', '0 0,1,2,3 * * *', '*/15 0-3 * * *', '59 23 * * *'];
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.constantFrom(...days),
        fc.constantFrom(...crons),
        fc.array(fc.integer({ min: 0, max: 72 * 60 })),
        (zone, day, cron, cuts) => {
          const start = Date.parse(`${day}T00:00:00Z`) - 24 * 3_600_000;
          const at = (minute: number) => new Date(start + minute * 60_000);
          const minutes = [...new Set([0, ...cuts, 72 * 60])].sort((a, b) => a - b);
          const pieces = minutes
            .slice(1)
            .flatMap((minute, index) => dueTimes(cron, zone, at(minutes[index]!), at(minute)));
          const whole = dueTimes(cron, zone, at(0), at(72 * 60));
          assert.deepEqual(iso(pieces), iso(whole));
          assert.deepEqual(iso(nextTimes(cron, zone, at(0), whole.length)), iso(whole));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('runs a daily time exactly once on each of 366 days', () => {
    for (const zone of ['Europe/London', 'America/Havana', 'Pacific/Chatham', 'Africa/Cairo']) {
      const times = nextTimes('30 2 * * *', zone, new Date('2026-01-01T12:00:00Z'), 366);
      const days = new Set(
        times.map((time) => new Date(time.getTime() + offsetAt(zone, time.getTime())).toISOString().slice(0, 10)),
      );
      assert.equal(days.size, 366);
    }
  });

  it('says what is wrong with a cron expression or a zone', () => {
    assert.equal(cronProblem('0 3 * * *', 'Europe/Berlin'), null);
    assert.match(cronProblem('99 * * * *', 'UTC') ?? '', /Invalid cron "99 \* \* \* \*".*0-59/);
    assert.match(cronProblem('* *', 'UTC') ?? '', /has 2 fields; write "minute hour/);
    assert.match(cronProblem('', 'UTC') ?? '', /Invalid cron/);
    assert.match(cronProblem('0 0 30 2 *', 'UTC') ?? '', /Invalid cron/);
    assert.match(cronProblem('H 3 * * *', 'UTC') ?? '', /jitterSeconds/);
    assert.match(cronProblem('@never', 'UTC') ?? '', /Invalid cron/);
    assert.match(cronProblem('0 3 * * *', 'Mars/Olympus') ?? '', /Unknown time zone "Mars\/Olympus"/);
  });

  it('is delayed by a jitter that every replica computes alike', () => {
    const time = new Date('2030-01-01T00:00:00Z');
    const jitter = jitterMs('t1', time, 60);
    assert.ok(jitter >= 0 && jitter < 60_000);
    assert.equal(jitterMs('t1', time, 60), jitter);
    assert.notEqual(jitterMs('t2', time, 60), jitter);
    assert.equal(jitterMs('t1', time, 0), 0);
  });
});
