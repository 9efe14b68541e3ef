/**
 * The time as the database has it. The clock of a worker's machine may be wrong, by seconds or by an hour; what is stored
 * was timed by the database, so what is left of it must be as well, or nodes look again too late, are timed out before
 * they begin, and schedules start runs of another hour.
 */
export interface DatabaseClock {
  /** Milliseconds since 1970; by this process's own clock as long as the database was never heard. */
  now(): number;
  /** The database has just told its time. */
  set(databaseMs: number): void;
}

/** Goes on by a monotonic clock between two tellings. */
export function createDatabaseClock(): DatabaseClock {
  let told = { databaseMs: Date.now(), at: performance.now() };
  return {
    now: () => told.databaseMs + (performance.now() - told.at),
    set(databaseMs) {
      told = { databaseMs, at: performance.now() };
    },
  };
}
