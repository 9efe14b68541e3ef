import { parseArgs } from 'node:util';
import { AppError } from '../contracts/errors.ts';
import { loadConfig, type Config } from '../platform/config.ts';
import { createLogger } from '../platform/log.ts';
import { resolveServices } from '../platform/services.ts';
import {
  assertMigrated,
  migrate,
  migrateDown,
  migrationStatus,
  resetDatabase,
  type MigrationStatus,
} from './migrate.ts';

const USAGE = `usage:
  npm run migrate                 apply what is pending
  npm run migrate:down [-- N]     take the last N migrations back (1)
  npm run migrate:status          what is applied and pending; exit code 1 when a start would refuse
  npm run db:reset -- --yes       delete everything and migrate anew`;

const STOP_MS = 10_000;
const EXIT = { ok: 0, failed: 1, usage: 2, unreachable: 3 } as const;

interface Call {
  readonly url: string;
  readonly log: (line: string) => void;
  readonly steps: number;
  readonly yes: boolean;
}

const COMMANDS: Readonly<Record<string, (call: Call) => Promise<number>>> = { up, down, status, reset };

/** Runs one command on the configured database and gives the exit code. */
async function main(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { command, steps, yes } = readArguments(args);
  const config = loadConfig(env);
  const run = (url: string): Promise<number> =>
    command({ url, steps, yes, log: (line) => process.stdout.write(`${line}\n`) });
  return config.databaseUrl === undefined ? onOwnServer(config, run) : run(config.databaseUrl);
}

/** Without DATABASE_URL: the database that `npm start` uses, brought up unless the service runs right now. */
async function onOwnServer(config: Config, run: (url: string) => Promise<number>): Promise<number> {
  const { databaseUrl, services } = await resolveServices(config, createLogger({ level: config.logLevel }));
  try {
    return await run(databaseUrl);
  } finally {
    await Promise.all(services.map((service) => service.stop(STOP_MS)));
  }
}

function readArguments(args: readonly string[]) {
  const { values, positionals } = parseStrictly(args);
  const [name = '', steps = '1'] = positionals;
  const command = COMMANDS[name];
  if (!command || !/^[1-9]\d*$/.test(steps)) throw usage();
  return { command, steps: Number(steps), yes: values.yes ?? false };
}

function parseStrictly(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: { yes: { type: 'boolean' } }, allowPositionals: true });
  } catch (error) {
    throw usage(error);
  }
}

async function up({ url, log }: Call): Promise<number> {
  const applied = await migrate(url, { log });
  if (applied.length === 0) log('the database is up to date');
  return EXIT.ok;
}

async function down({ url, log, steps }: Call): Promise<number> {
  const takenBack = await migrateDown(url, { log, steps });
  if (takenBack.length === 0) log('there is no migration to take back');
  return EXIT.ok;
}

async function status({ url, log }: Call): Promise<number> {
  const current = await migrationStatus(url);
  for (const line of describe(current)) log(line);
  try {
    await assertMigrated(url);
    return EXIT.ok;
  } catch (error) {
    log(error instanceof Error ? error.message : String(error));
    return EXIT.failed;
  }
}

async function reset({ url, log, yes }: Call): Promise<number> {
  await resetDatabase(url, { log, yes });
  return EXIT.ok;
}

function describe({ applied, pending, unknown, changed, unfinished }: MigrationStatus): string[] {
  const word = (name: string): string => {
    if (unknown.includes(name)) return 'unknown';
    return changed.includes(name) ? 'changed' : 'applied';
  };
  return [
    ...applied.map((name) => `${word(name).padEnd(10)} ${name}`),
    ...pending.map((name) => `${(unfinished.includes(name) ? 'unfinished' : 'pending').padEnd(10)} ${name}`),
  ];
}

function usage(cause?: unknown): AppError {
  return new AppError('INVALID_INPUT', USAGE, { cause });
}

function exitCode(error: unknown): number {
  if (!(error instanceof AppError)) return EXIT.failed;
  if (error.code === 'INVALID_INPUT') return EXIT.usage;
  return error.code === 'DATABASE_UNAVAILABLE' ? EXIT.unreachable : EXIT.failed;
}

process.exitCode = await main(process.argv.slice(2), process.env).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return exitCode(error);
});
