import { createHash, randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { withDatabase } from '../../sql/connection-url.ts';
import { MIGRATIONS_FOLDER, readMigrationFiles } from '../../sql/migration-files.ts';
import { migrate } from '../../sql/migrate.ts';
import { createDatabase, type Database, type DatabaseOptions } from '../../sql/pool.ts';
import { testServices } from './services.ts';

/** A database of one's own, at the newest migration. */
export interface TestDatabase {
  readonly url: string;
  readonly db: Database;
  /** Closes `db`, ends everybody else's connections and deletes the database. */
  drop(): Promise<void>;
}

const TEMPLATE_LOCK = 7_241_865_326;

/** Clones the migrated template (made once per set of migrations, then reused): about 50 ms. */
export async function createTestDatabase(options: Partial<DatabaseOptions> = {}): Promise<TestDatabase> {
  const template = await templateDatabase();
  const url = await createDatabaseFrom(template);
  const db = await createDatabase({ applicationName: 'test', poolSize: 5, ...options, url });
  return {
    url,
    db,
    drop: async () => {
      await db.stop();
      await dropDatabase(url);
    },
  };
}

/** A database without a single table, for tests of the migrations themselves. */
export async function createEmptyDatabase(): Promise<{ readonly url: string; drop(): Promise<void> }> {
  const url = await createDatabaseFrom('template0');
  return { url, drop: () => dropDatabase(url) };
}

async function createDatabaseFrom(template: string): Promise<string> {
  // The process id tells a later run which databases nobody will drop any more.
  const name = `cctest_${String(process.pid)}_${randomBytes(4).toString('hex')}`;
  await onServer((client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`));
  return withDatabase(testServices().databaseUrl, name);
}

async function dropDatabase(url: string): Promise<void> {
  const name = new URL(url).pathname.slice(1);
  await onServer((client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
}

let template: Promise<string> | undefined;

function templateDatabase(): Promise<string> {
  template ??= makeTemplate();
  return template;
}

async function makeTemplate(): Promise<string> {
  const files = await readMigrationFiles(MIGRATIONS_FOLDER);
  const version = createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 12);
  const name = `cctemplate_${version}`;
  await onServer(async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    // A database becomes a template when it is complete: one left half made by a killed run is made again.
    const { rows } = await client.query<{ complete: boolean }>(
      'SELECT datistemplate AS complete FROM pg_database WHERE datname = $1',
      [name],
    );
    if (rows[0]?.complete) return;
    await dropAbandoned(client);
    await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${name} TEMPLATE template0`);
    await migrate(withDatabase(testServices().databaseUrl, name));
    await client.query(`ALTER DATABASE ${name} IS_TEMPLATE true`);
  });
  return name;
}

/** Deletes the databases of test processes that are gone, and all but the newest templates (others may use those). */
async function dropAbandoned(client: Client): Promise<void> {
  const { rows: templates } = await client.query<{ name: string }>(
    `SELECT datname AS name FROM pg_database WHERE datname LIKE 'cctemplate\\_%' ORDER BY oid DESC OFFSET 4`,
  );
  for (const { name } of templates) {
    await client.query(`ALTER DATABASE ${name} IS_TEMPLATE false`);
    await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  }
  const { rows } = await client.query<{ name: string }>(
    `SELECT datname AS name FROM pg_database WHERE datname LIKE 'cctest\\_%'`,
  );
  for (const { name } of rows) {
    const pid = Number(name.split('_')[1]);
    if (!isAlive(pid)) await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Runs `work` on the server's own database. */
export async function onServer<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: testServices().databaseUrl, connectionTimeoutMillis: 5000 });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
