import type { Client } from 'pg';
import { resolve } from 'node:path';
import { migrate } from '../../sql/migrate.ts';
import { MIGRATIONS_FOLDER, readMigrationFiles } from '../../sql/migration-files.ts';
import { countRows, withConnection, withServiceDatabase } from '../backup/database.ts';
import { readManifest, type Manifest } from '../backup/manifest.ts';
import { runPostgresProgram } from '../backup/postgres-program.ts';
import { CliError, EXIT, usageError } from '../exit-codes.ts';
import type { Register, Session } from '../session.ts';

export const registerRestore: Register = (program, { action }) => {
  program
    .command('restore')
    .description('read a backup into an empty database; runs that were open in it go on when the service starts')
    .argument('<file>', 'what `backup` wrote')
    .option('--database-url <url>', 'default: DATABASE_URL, or the database that `npm start` keeps')
    .option('--force', 'delete what is in the database first')
    .action(action(restore));
};

interface RestoreFlags {
  readonly databaseUrl?: string;
  readonly force?: boolean;
}

async function restore({ out, json, world }: Session, flags: RestoreFlags, file: string): Promise<void> {
  const dump = resolve(world.cwd, file);
  const manifest = await readManifest(dump);
  await refuseNewer(manifest);
  const migrated = await withServiceDatabase(flags.databaseUrl, world.env, async (databaseUrl) => {
    await withConnection(databaseUrl, (client) => makeRoom(client, flags.force === true));
    const options = ['--no-owner', '--no-privileges', '--exit-on-error', '--single-transaction'];
    await runPostgresProgram('pg_restore', databaseUrl, [...options, dump], world.env);
    await withConnection(databaseUrl, (client) => compare(client, manifest));
    const names = await migrate(databaseUrl);
    await withConnection(databaseUrl, startAnew);
    return names;
  });
  const { WorkflowRun: runs = 0, Workflow: workflows = 0, Event: events = 0 } = manifest.counts;
  if (json) out.json({ file: dump, counts: manifest.counts, migrated });
  else out.line(`restored ${workflows} workflows, ${runs} runs, ${events} events of ${manifest.createdAt}`);
}

async function refuseNewer({ migrations }: Manifest): Promise<void> {
  const known = new Set((await readMigrationFiles(MIGRATIONS_FOLDER)).map(({ name }) => name));
  const unknown = migrations.filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  throw usageError(
    `This backup is newer than this program: it has migration ${unknown.join(', ')}. Use the newer version`,
  );
}

/** Only tables of the schemas that are ours count, and only with --force do they go. */
async function makeRoom(client: Client, force: boolean): Promise<void> {
  const { rows } = await client.query<{ tables: number }>(
    `SELECT count(*)::int AS tables FROM pg_tables WHERE schemaname = 'public'`,
  );
  if (rows[0]?.tables === 0) return;
  if (!force)
    throw usageError('This database is not empty: restore into an empty one, or delete what is in it with --force');
  await refuseWhileInUse(client);
  await client.query(`SET lock_timeout = '15s'; DROP SCHEMA IF EXISTS public, bullmq CASCADE; CREATE SCHEMA public`);
}

async function refuseWhileInUse(client: Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT DISTINCT application_name AS name FROM pg_stat_activity
     WHERE datname = current_database() AND application_name LIKE 'commandcenter %'`,
  );
  if (rows.length === 0) return;
  throw usageError(
    `The service uses this database (${rows.map(({ name }) => name).join(', ')}): stop API and workers first`,
  );
}

async function compare(client: Client, { counts, schemaVersion }: Manifest): Promise<void> {
  const found = await countRows(client);
  const differing = Object.keys(counts).filter((table) => counts[table] !== found[table]);
  if (differing.length === 0) return;
  throw new CliError(
    EXIT.failed,
    `The restored tables differ from the manifest (schema ${schemaVersion}): ${differing.join(', ')}`,
  );
}

/** The queues know nothing of these runs, or something else: open ones get a new flow, nodes under way a new attempt. */
async function startAnew(client: Client): Promise<void> {
  await client.query(`UPDATE "WorkflowRun" SET epoch = epoch + 1 WHERE "finishedAt" IS NULL`);
  await client.query('ANALYZE');
}
