import { execFile } from 'node:child_process';
import { access, constants, readdir, realpath } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { npmPostgresFolder } from './npm-postgres.ts';

const run = promisify(execFile);

/** Where package managers put servers that are on nobody's PATH. */
const SYSTEM_FOLDERS = [
  '/usr/local/sbin',
  '/usr/sbin',
  '/usr/local/bin',
  '/usr/bin',
  '/opt/homebrew/bin',
  '/home/linuxbrew/.linuxbrew/bin',
];
const DEBIAN_POSTGRES = '/usr/lib/postgresql';
const HOMEBREW_OPT = ['/opt/homebrew/opt', '/usr/local/opt', '/home/linuxbrew/.linuxbrew/opt'];

/** Where servers may come from. */
export interface ProgramSources {
  /** Folders of the machine, in order. */
  readonly folders: readonly string[];
  /** Whether what npm ships may be used. */
  readonly npm: boolean;
}

export interface Binary {
  readonly path: string;
  /** As the program tells it, like `7.0.15`. */
  readonly version: string;
}

export interface PostgresBinaries {
  /** The folder with `postgres` and `initdb`. */
  readonly folder: string;
  readonly version: string;
  readonly from: 'machine' | 'npm';
}

/** Every folder in which programs may be: those of PATH, and those of Debian and Homebrew that are not on it. */
export async function programFolders(path: string): Promise<string[]> {
  return [...path.split(delimiter), ...SYSTEM_FOLDERS, ...(await debianFolders()), ...(await homebrewFolders())];
}

/** The first of these programs that is in one of the folders and runs. */
export async function findBinary(names: readonly string[], folders: readonly string[]): Promise<Binary | undefined> {
  for (const name of names) {
    for (const folder of folders) {
      const binary = await tryBinary(join(folder, name));
      if (binary) return binary;
    }
  }
  return undefined;
}

/** Every Postgres there is: the machine's, newest first, then the one that npm ships. */
export async function findPostgres({ folders, npm }: ProgramSources): Promise<PostgresBinaries[]> {
  const machine = await Promise.all(folders.map((folder) => tryPostgres(folder, 'machine')));
  const found = machine.filter((one) => one !== undefined).sort((a, b) => majorOf(b.version) - majorOf(a.version));
  const shipped = npm ? await tryPostgres((await npmPostgresFolder()) ?? '', 'npm') : undefined;
  return shipped ? [...found, shipped] : found;
}

/** 15 of `15.14`, 17 of `17beta1`. */
export function majorOf(version: string): number {
  return Number.parseInt(version, 10);
}

async function tryPostgres(folder: string, from: PostgresBinaries['from']): Promise<PostgresBinaries | undefined> {
  if (folder === '' || !(await isExecutable(join(folder, 'initdb')))) return undefined;
  // Debian's /usr/bin/psql and the like are wrappers without a server beside them; links lead to the real folder.
  const server = await tryBinary(join(folder, 'postgres'));
  return server && { folder: dirname(await realpath(server.path)), version: server.version, from };
}

async function tryBinary(path: string): Promise<Binary | undefined> {
  if (!(await isExecutable(path))) return undefined;
  try {
    const { stdout } = await run(path, ['--version'], { timeout: 5_000 });
    const version = /\d+(\.\d+)*/.exec(stdout.replace(/^.*v=/, ''))?.[0];
    return version === undefined ? undefined : { path, version };
  } catch {
    return undefined;
  }
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function debianFolders(): Promise<string[]> {
  const versions = await readdir(DEBIAN_POSTGRES).catch(() => []);
  return versions.map((version) => join(DEBIAN_POSTGRES, version, 'bin'));
}

async function homebrewFolders(): Promise<string[]> {
  const listed = await Promise.all(
    HOMEBREW_OPT.map(async (opt) => (await readdir(opt).catch(() => [])).map((name) => join(opt, name, 'bin'))),
  );
  return listed.flat().filter((folder) => folder.includes('postgresql'));
}
