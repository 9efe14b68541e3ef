import { Client } from 'pg';
import { AppError } from '../contracts/errors.ts';
import { readConnectionUrl } from './connection-url.ts';
import { toAppError } from './errors.ts';
import type { MigrationFile } from './migration-files.ts';

/** node-pg-migrate's ledger of what was applied, in order. */
export const LEDGER_TABLE = 'Migration';

/** The advisory lock that every migrator takes; any constant will do, as long as it never changes. */
const LOCK_KEY = 7_241_865_325;
/** How long a migrator waits for another one. */
const LOCK_WAIT = '5min';
/** How long a migration waits for a table in use; everybody else queues behind it meanwhile. */
const TABLE_WAIT = '15s';

/** A migration that was applied, or begun (`applied` false: it was rolled back, or runs right now). */
export interface LedgerEntry {
  readonly name: string;
  /** SHA-256 of the file that was run; null when the ledger was filled by another tool. */
  readonly checksum: string | null;
  /** The release whose code ran it; null when that was before releases were noted. */
  readonly release: string | null;
  readonly applied: boolean;
}

/** Runs `work` on a connection of its own, closed afterwards. */
export async function withClient<T>(databaseUrl: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({
    connectionString: readConnectionUrl(databaseUrl).url,
    application_name: 'commandcenter migrate',
    connectionTimeoutMillis: 5000,
    keepAlive: true,
  });
  // A connection that dies is reported by the query under way; without a listener it would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work(client);
  } catch (error) {
    throw toAppError(error);
  } finally {
    await client.end();
  }
}

/** Runs `work` while no other migrator can; waits for one that is under way, and says so. */
export async function underLock<T>(client: Client, log: (line: string) => void, work: () => Promise<T>): Promise<T> {
  await takeLock(client, log);
  try {
    await client.query(`SET lock_timeout = '${TABLE_WAIT}'`);
    await ensureTables(client);
    return await work();
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [LOCK_KEY]);
  }
}

async function takeLock(client: Client, log: (line: string) => void): Promise<void> {
  const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [LOCK_KEY]);
  if (rows[0]?.taken) return;
  log('another process is migrating this database: waiting for it');
  await client.query(`SET lock_timeout = '${LOCK_WAIT}'`);
  await client.query('SELECT pg_advisory_lock($1)', [LOCK_KEY]).catch((error: unknown) => {
    throw new AppError(
      'UNAVAILABLE',
      `Another process has held the migration lock for ${LOCK_WAIT}: see pg_locks (locktype advisory) for its pid.`,
      { cause: error },
    );
  });
}

async function ensureTables(client: Client): Promise<void> {
  await client.query(`
    CREATE TABLE IF NOT EXISTS "${LEDGER_TABLE}" (
      id serial PRIMARY KEY,
      name varchar(255) NOT NULL,
      run_on timestamp NOT NULL
    );
    CREATE TABLE IF NOT EXISTS "MigrationChecksum" (
      name text PRIMARY KEY,
      checksum text NOT NULL,
      "startedAt" timestamptz NOT NULL DEFAULT now()
    );
    ALTER TABLE "MigrationChecksum" ADD COLUMN IF NOT EXISTS release text`);
}

/**
 * What the database says, in the order of application, what was only begun last; empty before the first migration.
 * `to_jsonb` also reads a table that has no column for releases yet.
 */
export async function readLedger(client: Client): Promise<LedgerEntry[]> {
  const { rows: tables } = await client.query<{ present: boolean }>(
    `SELECT to_regclass('"${LEDGER_TABLE}"') IS NOT NULL AND to_regclass('"MigrationChecksum"') IS NOT NULL AS present`,
  );
  if (!tables[0]?.present) return [];
  const { rows } = await client.query<LedgerEntry>(`
    SELECT name, checksum, to_jsonb(c) ->> 'release' AS release, id IS NOT NULL AS applied
    FROM "${LEDGER_TABLE}" FULL JOIN "MigrationChecksum" c USING (name)
    ORDER BY id NULLS LAST, name`);
  return rows;
}

/**
 * Notes which file is about to be run. It comes before the migration, whose own transaction writes the ledger: a
 * crash in between leaves a begun entry, never an applied one whose file is unknown.
 */
export async function noteStart(client: Client, file: MigrationFile, release: string): Promise<void> {
  await client.query(
    `INSERT INTO "MigrationChecksum" (name, checksum, release) VALUES ($1, $2, $3)
     ON CONFLICT (name) DO UPDATE
     SET checksum = EXCLUDED.checksum, release = EXCLUDED.release, "startedAt" = now()`,
    [file.name, file.checksum, release],
  );
}

/** Forgets a migration that was taken back. */
export async function forget(client: Client, name: string): Promise<void> {
  await client.query('DELETE FROM "MigrationChecksum" WHERE name = $1', [name]);
}
