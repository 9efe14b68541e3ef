import { rm, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { migrationStatus } from '../../sql/migrate.ts';
import { countRows, withConnection, withServiceDatabase } from '../backup/database.ts';
import { manifestPath, writeManifest, type Manifest } from '../backup/manifest.ts';
import { runPostgresProgram } from '../backup/postgres-program.ts';
import { CliError, EXIT, usageError } from '../exit-codes.ts';
import type { Register, Session } from '../session.ts';

export const registerBackup: Register = (program, { action }) => {
  program
    .command('backup')
    .description('write the whole database into a file, with a manifest beside it; the service may go on')
    .argument('[file]', 'where to (default: commandcenter-<time>.dump)')
    .option('--database-url <url>', 'default: DATABASE_URL, or the database that `npm start` keeps')
    .option('--force', 'write over the file')
    .addHelpText('after', '\nExamples:\n  commandcenter backup\n  commandcenter restore commandcenter-….dump\n')
    .action(action(backup));
};

interface BackupFlags {
  readonly databaseUrl?: string;
  readonly force?: boolean;
}

/** What is in BullMQ's own tables is made again from ours. */
const LEFT_OUT = 'bullmq';

async function backup({ out, json, world }: Session, flags: BackupFlags, file = defaultName()): Promise<void> {
  const dump = resolve(world.cwd, file);
  if (flags.force !== true && (await exists(dump)))
    throw usageError(`${file} is there already: choose another name, or add --force`);
  const manifest = await withServiceDatabase(flags.databaseUrl, world.env, (url) => write(url, dump, world.env));
  if (json) out.json({ file: dump, ...manifest });
  else {
    const { WorkflowRun: runs = 0, Workflow: workflows = 0, Event: events = 0 } = manifest.counts;
    out.line(`${file} (${manifest.bytes} bytes) and its manifest ${manifestPath(file)}`);
    out.line(`${workflows} workflows, ${runs} runs, ${events} events, schema ${manifest.schemaVersion}`);
  }
}

/** Counts and dump come from one snapshot, so they agree however busy the service is. */
async function write(databaseUrl: string, dump: string, env: NodeJS.ProcessEnv): Promise<Manifest> {
  const { applied } = await migrationStatus(databaseUrl);
  const schemaVersion = applied.at(-1);
  if (schemaVersion === undefined)
    throw new CliError(EXIT.failed, 'This database has no tables of the service: there is nothing to back up');
  return withConnection(databaseUrl, async (client) => {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const { rows } = await client.query<{ snapshot: string }>('SELECT pg_export_snapshot() AS snapshot');
    const options = ['--format=custom', '--no-owner', '--no-privileges', `--exclude-schema=${LEFT_OUT}`];
    try {
      await runPostgresProgram(
        'pg_dump',
        databaseUrl,
        [...options, `--snapshot=${rows[0]?.snapshot ?? ''}`, `--file=${dump}`],
        env,
      );
      const createdAt = new Date().toISOString();
      return await writeManifest(dump, {
        createdAt,
        schemaVersion,
        migrations: [...applied],
        counts: await countRows(client),
      });
    } catch (error) {
      await rm(dump, { force: true });
      throw error;
    }
  });
}

function defaultName(): string {
  return `commandcenter-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.dump`;
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
