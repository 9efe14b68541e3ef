import { execFile } from 'node:child_process';
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import type { Account } from './account.ts';
import type { ServerProgram } from './server.ts';

const run = promisify(execFile);

const USER = 'commandcenter';
const DATABASE = 'orchestration';
const PROBE_TIMEOUT_MS = 1_000;
/** BullMQ's Postgres backend opens a connection per worker and queue beside our own pools. */
const MAX_CONNECTIONS = 200;
const DUPLICATE_DATABASE = '42P04';

export interface PostgresHome {
  /** The folder with `postgres` and `initdb`. */
  readonly binFolder: string;
  /** Reachable by the account; the cluster is in `data` below it. */
  readonly folder: string;
  readonly password: string;
  readonly runAs: Account | undefined;
}

/** A Postgres on 127.0.0.1 only, without a socket file: the path of a deep data folder would be too long for one. */
export function postgresProgram(home: PostgresHome): ServerProgram {
  const { binFolder, folder, runAs } = home;
  const settings = {
    port: '',
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: String(MAX_CONNECTIONS),
  };
  return {
    name: 'postgres',
    stopSignal: 'SIGINT',
    prepare: () => initialise(home),
    command: (port) => ({
      file: join(binFolder, 'postgres'),
      args: ['-D', dataOf(folder), ...asArguments({ ...settings, port: String(port) })],
      cwd: folder,
      runAs,
    }),
    probe: (port) => ensureDatabase(home, port),
  };
}

export function postgresUrl({ password }: Pick<PostgresHome, 'password'>, port: number, database = DATABASE): string {
  return `postgresql://${USER}:${password}@127.0.0.1:${String(port)}/${database}`;
}

/** The major version that made the cluster in this folder; undefined when there is none yet. */
export async function clusterVersion(folder: string): Promise<number | undefined> {
  const text = await readFile(join(dataOf(folder), 'PG_VERSION'), 'utf8').catch(() => '');
  return text === '' ? undefined : Number.parseInt(text, 10);
}

function dataOf(folder: string): string {
  return join(folder, 'data');
}

function asArguments(settings: Readonly<Record<string, string>>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** Makes the cluster beside its place and moves it there: one that a kill left half made is never mistaken for whole. */
async function initialise(home: PostgresHome): Promise<void> {
  const { binFolder, folder, runAs } = home;
  if ((await clusterVersion(folder)) !== undefined) return;
  const draft = join(folder, 'data.new');
  const passwordFile = join(folder, 'initdb.password');
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  await writeFile(passwordFile, home.password, { mode: 0o600 });
  if (runAs) await Promise.all([draft, passwordFile].map((path) => chown(path, runAs.uid, runAs.gid)));
  const options = [
    '--encoding=UTF8',
    '--locale=C',
    '--auth=scram-sha-256',
    `--username=${USER}`,
    `--pwfile=${passwordFile}`,
  ];
  await run(join(binFolder, 'initdb'), ['-D', draft, ...options], {
    cwd: folder,
    env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' },
    ...(runAs && { uid: runAs.uid, gid: runAs.gid }),
  });
  await rm(passwordFile);
  await rename(draft, dataOf(folder));
}

async function ensureDatabase(home: PostgresHome, port: number): Promise<void> {
  const client = new pg.Client({
    connectionString: postgresUrl(home, port, 'postgres'),
    connectionTimeoutMillis: PROBE_TIMEOUT_MS,
    query_timeout: 10 * PROBE_TIMEOUT_MS,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rowCount === 0) await createDatabase(client);
  } finally {
    await client.end();
  }
}

async function createDatabase(client: pg.Client): Promise<void> {
  try {
    await client.query(`CREATE DATABASE ${DATABASE}`);
  } catch (error) {
    if ((error as pg.DatabaseError).code !== DUPLICATE_DATABASE) throw error;
  }
}
