import assert from 'node:assert/strict';
import { createDatabaseClock } from '../../workers/database-clock.ts';
import { lookAgain } from '../../workers/look-again.ts';

const HOUR_MS = 3_600_000;
const WAITING = { key: 0, reason: 'waiting' } as const;

describe('the database’s clock in a worker', () => {
  it('is what the database told last, and goes on from there', () => {
    const clock = createDatabaseClock();
    const told = Date.now() - HOUR_MS;
    clock.set(told);
    const now = clock.now();
    assert.ok(now >= told && now < told + HOUR_MS / 2, 'the worker’s own hour is not in it');
  });

  it('has a job look again when the database says so, on a machine whose clock is wrong by an hour', () => {
    for (const wrongBy of [HOUR_MS, -HOUR_MS]) {
      const clock = createDatabaseClock();
      const databaseMs = Date.now() + wrongBy;
      clock.set(databaseMs);
      const outcome = lookAgain({ ...WAITING, until: new Date(databaseMs + 10_000).toISOString() }, clock.now());
      assert.ok(outcome.kind === 'park' && outcome.ms > 5_000 && outcome.ms < 15_000, JSON.stringify(outcome));
    }
  });
});
