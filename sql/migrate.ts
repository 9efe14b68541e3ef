import { runner } from 'node-pg-migrate';
import type { Client } from 'pg';
import { AppError } from '../contracts/errors.ts';
import { failpoint } from '../platform/failpoints.ts';
import { readRelease } from '../platform/release.ts';
import { readConnectionUrl } from './connection-url.ts';
import { MIGRATIONS_FOLDER, readMigrationFiles, type MigrationFile } from './migration-files.ts';
import {
  forget,
  LEDGER_TABLE,
  noteStart,
  readLedger,
  underLock,
  withClient,
  type LedgerEntry,
} from './migration-ledger.ts';
import { repeatDeadlocks } from './repeat-deadlocks.ts';

export interface MigrateOptions {
  /** Gets one line per step; default: silence. */
  readonly log?: (line: string) => void;
  /** Default: the migrations of this version. */
  readonly folder?: string;
  /** What the ledger notes beside each migration; default: the release in package.json. */
  readonly release?: string;
}

/** Where a database stands against the migrations of this code; every list in order of application. */
export interface MigrationStatus {
  readonly applied: readonly string[];
  readonly pending: readonly string[];
  /** Applied by a newer version: this code has no such file. */
  readonly unknown: readonly string[];
  /** The releases that applied what is unknown; null stands for those that did not note themselves. */
  readonly newerReleases: readonly (string | null)[];
  /** Applied from a file that has another text now. */
  readonly changed: readonly string[];
  /** Begun and not finished: it was rolled back, or another process runs it right now. */
  readonly unfinished: readonly string[];
}

/** What `db:reset` empties: our tables, and those of BullMQ's Postgres backend. */
const SCHEMAS = ['public', 'bullmq'] as const;
/** A migration that met runs in a deadlock was rolled back whole, and may well find its way the next time. */
const MOST_REPEATS = 4;

/**
 * Brings a database up to date, each migration in a transaction, one migrator at a time: another one is waited for.
 * A database that is one release newer is left as it is: its migrations are compatible with this code.
 *
 * @returns the names of the migrations it applied.
 * @throws AppError when an applied file was changed, the database is two releases newer, or a migration fails;
 *   INVALID_INPUT when the URL leads through a pooler.
 */
export async function migrate(databaseUrl: string, options: MigrateOptions = {}): Promise<string[]> {
  const { log = () => undefined, folder = MIGRATIONS_FOLDER, release = readRelease() } = options;
  refusePooler(databaseUrl);
  const files = await readMigrationFiles(folder);
  return withClient(databaseUrl, (client) =>
    underLock(client, log, async () => {
      const status = compare(files, await readLedger(client));
      refuseForeign(status);
      if (status.unknown.length > 0) log(describeNewer(status));
      for (const name of status.pending) await apply(client, { folder, release }, fileNamed(files, name), log);
      return [...status.pending];
    }),
  );
}

/**
 * What a start does: migrates. Through a pooler, which cannot hold the lock, it only looks whether somebody else has.
 * @throws AppError as `migrate` and `assertMigrated` do
 */
export async function prepareDatabase(databaseUrl: string, options: MigrateOptions = {}): Promise<void> {
  if (readConnectionUrl(databaseUrl).behindPooler) await assertMigrated(databaseUrl, options);
  else await migrate(databaseUrl, options);
}

/**
 * Takes the last `steps` migrations back, newest first.
 *
 * @returns the names of the migrations it took back.
 * @throws AppError when a file was changed, is not here or has no down part.
 */
export async function migrateDown(
  databaseUrl: string,
  options: MigrateOptions & { readonly steps?: number } = {},
): Promise<string[]> {
  const { log = () => undefined, folder = MIGRATIONS_FOLDER, steps = 1 } = options;
  refusePooler(databaseUrl);
  const files = await readMigrationFiles(folder);
  return withClient(databaseUrl, (client) =>
    underLock(client, log, async () => {
      const status = compare(files, await readLedger(client));
      refuseForeign(status);
      if (status.unknown.length > 0) throw stopped(`${describeNewer(status)} Take it back with that release's code.`);
      const names = status.applied.slice(-steps).reverse();
      for (const name of names) await takeBack(client, folder, name, log);
      return names;
    }),
  );
}

/** Compares a database with this code's migrations; changes nothing. */
export async function migrationStatus(
  databaseUrl: string,
  { folder = MIGRATIONS_FOLDER }: Pick<MigrateOptions, 'folder'> = {},
): Promise<MigrationStatus> {
  const files = await readMigrationFiles(folder);
  return withClient(databaseUrl, async (client) => compare(files, await readLedger(client)));
}

/**
 * Returns when a database fits this code.
 *
 * @throws AppError UNAVAILABLE saying what stops a start and what to do.
 */
export async function assertMigrated(databaseUrl: string, options: Pick<MigrateOptions, 'folder'> = {}): Promise<void> {
  const status = await migrationStatus(databaseUrl, options);
  refuseForeign(status);
  if (status.unfinished.length > 0) {
    throw stopped(`Migration ${list(status.unfinished)} was begun and did not end: run "npm run migrate" again.`);
  }
  if (status.pending.length > 0) {
    throw stopped(`The database lacks migration ${list(status.pending)}: run "npm run migrate".`);
  }
}

/**
 * Deletes everything and migrates anew.
 *
 * @throws AppError INVALID_INPUT unless `yes` is true.
 */
export async function resetDatabase(
  databaseUrl: string,
  options: MigrateOptions & { readonly yes: boolean },
): Promise<void> {
  if (!options.yes) {
    throw new AppError('INVALID_INPUT', 'This deletes every workflow, run and event: say so with "-- --yes".');
  }
  await withClient(databaseUrl, async (client) => {
    await client.query(
      `SET lock_timeout = '15s'; DROP SCHEMA IF EXISTS ${SCHEMAS.join(', ')} CASCADE; CREATE SCHEMA public`,
    );
  });
  await migrate(databaseUrl, options);
}

function compare(files: readonly MigrationFile[], ledger: readonly LedgerEntry[]): MigrationStatus {
  const checksums = new Map(files.map(({ name, checksum }) => [name, checksum]));
  const applied = ledger.filter((entry) => entry.applied);
  const isApplied = new Set(applied.map(({ name }) => name));
  const unknown = applied.filter(({ name }) => !checksums.has(name));
  const names = (entries: readonly { name: string }[]): string[] => entries.map(({ name }) => name);
  return {
    applied: names(applied),
    pending: names(files.filter(({ name }) => !isApplied.has(name))),
    unknown: names(unknown),
    newerReleases: [...new Set(unknown.map(({ release }) => release))],
    changed: names(applied.filter(({ name, checksum }) => checksums.has(name) && checksums.get(name) !== checksum)),
    unfinished: names(ledger.filter((entry) => !entry.applied && checksums.has(entry.name))),
  };
}

/** Migrations are compatible with the release before: this code goes on beside exactly one newer one. */
function refuseForeign(status: MigrationStatus): void {
  const { unknown, newerReleases, pending, changed } = status;
  const isNextRelease = newerReleases.length === 1 && newerReleases[0] !== null && pending.length === 0;
  if (unknown.length > 0 && !isNextRelease) {
    const lacks = pending.length === 0 ? '' : ` It also lacks ${list(pending)} of this code.`;
    throw stopped(
      `${describeNewer(status)}${lacks} Code runs beside one newer release at most: start the newer version.`,
    );
  }
  if (changed.length > 0) {
    throw stopped(
      `The file of migration ${list(changed)} was changed after it was applied: restore it, and put the change into a ` +
        'migration of its own.',
    );
  }
}

function describeNewer({ unknown, newerReleases }: MigrationStatus): string {
  const releases = newerReleases.map((release) => release ?? 'unknown').join(' and ');
  return `The database is newer than this code: it has migration ${list(unknown)} of release ${releases}.`;
}

/** A pooler that changes connections between transactions gives a session's lock to whoever comes next. */
function refusePooler(databaseUrl: string): void {
  if (!readConnectionUrl(databaseUrl).behindPooler) return;
  throw new AppError(
    'INVALID_INPUT',
    "DATABASE_URL leads through a pooler (pgbouncer=true): migrate with Postgres' own address, without that parameter.",
  );
}

async function apply(
  client: Client,
  { folder, release }: { readonly folder: string; readonly release: string },
  file: MigrationFile,
  log: (line: string) => void,
): Promise<void> {
  const startedAt = performance.now();
  await noteStart(client, file, release);
  failpoint('migration-begun');
  await runOne(client, { folder, name: file.name, direction: 'up' }, log);
  log(`migrated ${file.name} (${(performance.now() - startedAt).toFixed(0)} ms)`);
}

async function takeBack(client: Client, folder: string, name: string, log: (line: string) => void): Promise<void> {
  await runOne(client, { folder, name, direction: 'down' }, log);
  await forget(client, name);
  log(`took back ${name}`);
}

interface Step {
  readonly folder: string;
  readonly name: string;
  readonly direction: 'up' | 'down';
}

async function runOne(client: Client, step: Step, log: (line: string) => void): Promise<void> {
  const what = `Migration ${step.name} (${step.direction})`;
  const tell = (): void => {
    log(`${what} met runs in a deadlock and was rolled back: trying again`);
  };
  try {
    await repeatDeadlocks(() => runInTransaction(client, step), { most: MOST_REPEATS, tell });
  } catch (error) {
    throw stopped(`${what} failed and was rolled back: ${reason(error)}`, error);
  }
}

async function runInTransaction(client: Client, { folder, name, direction }: Step): Promise<void> {
  try {
    await runner({
      dbClient: client,
      dir: folder,
      file: name,
      direction,
      migrationsTable: LEDGER_TABLE,
      singleTransaction: false, // one each, not one around all: what was applied stays applied
      noLock: true, // underLock holds ours, which waits
      logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
    });
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

function fileNamed(files: readonly MigrationFile[], name: string): MigrationFile {
  const file = files.find((candidate) => candidate.name === name);
  if (!file) throw new AppError('INTERNAL', `There is no migration file ${name}.sql.`);
  return file;
}

function stopped(message: string, cause?: unknown): AppError {
  return new AppError('UNAVAILABLE', message, { cause });
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function list(names: readonly string[]): string {
  return names.join(', ');
}
