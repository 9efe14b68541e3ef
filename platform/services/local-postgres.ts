import { createHash } from 'node:crypto';
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../contracts/errors.ts';
import { accountInsteadOfRoot, canEnter, type Account } from './account.ts';
import { findPostgres, majorOf, type PostgresBinaries } from './binaries.ts';
import { runLocally, type LocalContext, type ResolvedService } from './local-service.ts';
import { copyPostgres } from './npm-postgres.ts';
import { clusterVersion, postgresProgram, postgresUrl } from './postgres.ts';

/** BullMQ's tables need 13. */
const MIN_MAJOR = 13;
/** Where root keeps what another account must reach, when the data folder is closed to it (as below /root). */
const OPEN_FOLDER = '/var/lib/commandcenter';

/**
 * Brings up a Postgres: one of the machine's, else the one from npm; always the version that made the data.
 * @returns undefined when there is none
 * @throws AppError UNAVAILABLE when there is none of the data's version, or it does not start
 */
export async function localPostgres(context: LocalContext): Promise<ResolvedService | undefined> {
  const candidates = (await findPostgres(context.sources)).filter(({ version }) => majorOf(version) >= MIN_MAJOR);
  if (candidates.length === 0) return undefined;
  const runAs = await postgresAccount();
  const folder = await reachableFolder(context, runAs);
  const binaries = chooseVersion(candidates, await clusterVersion(folder), folder);
  const home = { binFolder: await reachableBinaries(binaries, runAs), folder, password: context.password, runAs };
  return runLocally(context, postgresProgram(home), {
    url: (port) => postgresUrl(home, port),
    version: binaries.version,
    from: `${binaries.from === 'npm' ? 'from npm' : binaries.folder}, data in ${folder}`,
  });
}

function chooseVersion(
  candidates: readonly PostgresBinaries[],
  made: number | undefined,
  folder: string,
): PostgresBinaries {
  const fitting = candidates.find(({ version }) => made === undefined || majorOf(version) === made);
  if (fitting) return fitting;
  const present = candidates.map(({ version }) => version).join(', ');
  throw new AppError(
    'UNAVAILABLE',
    `The data in ${folder} was made by Postgres ${String(made)}, and this machine has ${present}: ` +
      `install Postgres ${String(made)}, or delete that folder to start empty, or set DATABASE_URL`,
  );
}

async function postgresAccount(): Promise<Account | undefined> {
  const account = await accountInsteadOfRoot();
  if (account ?? process.getuid?.() !== 0) return account;
  throw new AppError(
    'UNAVAILABLE',
    'Postgres refuses to run as root, and there is no account "postgres" or "nobody": run as a normal user, or set DATABASE_URL',
  );
}

/** The password is in the name: a data folder that was deleted and made anew does not meet its old database again. */
async function reachableFolder({ root, password }: LocalContext, account: Account | undefined): Promise<string> {
  const folder = join(root, 'postgres');
  await mkdir(folder, { recursive: true });
  return !account || (await canEnter(folder, account)) ? folder : openFolder(`data-${digest(folder + password)}`);
}

async function reachableBinaries({ folder, version }: PostgresBinaries, account: Account | undefined): Promise<string> {
  if (!account || (await canEnter(folder, account))) return folder;
  return copyPostgres(folder, join(await openFolder('programs'), `postgres-${version}`));
}

async function openFolder(name: string): Promise<string> {
  const folder = join(OPEN_FOLDER, name);
  await mkdir(folder, { recursive: true });
  await chmod(OPEN_FOLDER, 0o755);
  await chmod(folder, 0o755);
  return folder;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
