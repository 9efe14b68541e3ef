// The programs beside Node that the tests use; installed on Debian where we may, else named.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A program, the Debian package that has it, and what cannot be tested without it. */
const PROGRAMS = [
  { program: 'pg_dump', debianPackage: 'postgresql', neededFor: 'backups and the comparison of schemas' },
  { program: 'redis-server', debianPackage: 'redis-server', neededFor: 'the queues on Redis' },
  { program: 'nats-server', debianPackage: 'nats-server', neededFor: 'events' },
  { program: 'chromium', debianPackage: 'chromium', neededFor: 'the console in a browser' },
  { program: 'promtool', debianPackage: 'prometheus', neededFor: 'alert rules and metrics' },
  { program: 'amtool', debianPackage: 'prometheus-alertmanager', neededFor: 'alert routing' },
];

/** Folders that a user's PATH may lack. */
const MORE_FOLDERS = ['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/bin', '/usr/local/bin'];

/** Installs what is missing if this is Debian and we are root; returns what is missing still. */
export function ensurePrograms() {
  const missing = missingPrograms();
  if (missing.length === 0 || !mayInstall()) return missing;
  const packages = missing.map(({ debianPackage }) => debianPackage);
  console.log(`installing ${packages.join(' ')} (Debian, once) …`);
  apt('update');
  if (!apt('install', '--yes', '--no-install-recommends', ...packages))
    packages.forEach((name) => apt('install', '--yes', name));
  return missingPrograms();
}

function missingPrograms() {
  return PROGRAMS.filter(({ program }) => !findProgram(program));
}

/** @returns {string | undefined} the path of a program */
export function findProgram(program) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...MORE_FOLDERS, ...postgresFolders()];
  return folders.map((folder) => join(folder, program)).find(isExecutable);
}

function postgresFolders() {
  const root = '/usr/lib/postgresql';
  return existsSync(root) ? readdirSync(root).map((version) => join(root, version, 'bin')) : [];
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function mayInstall() {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version') && findProgram('apt-get') !== undefined;
}

function apt(...args) {
  // At runlevel 1 Debian's packages do not start their servers: the tests bring up their own.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const { status, stderr } = spawnSync('apt-get', ['-qq', ...args], { env, encoding: 'utf8', timeout: 240_000 });
  if (status !== 0) console.error(`apt-get ${args[0]}: ${stderr.trim().split('\n').at(-1)}`);
  return status === 0;
}
