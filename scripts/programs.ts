import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findProgram } from '../test/support/program.ts';

/** A program beside Node that the tests use. */
export interface Program {
  readonly program: string;
  readonly debianPackage: string;
  /** Completes "tests of … are skipped". */
  readonly neededFor: string;
}

const PROGRAMS: readonly Program[] = [
  { program: 'pg_dump', debianPackage: 'postgresql', neededFor: 'backups and the comparison of schemas' },
  { program: 'redis-server', debianPackage: 'redis-server', neededFor: 'queues on Redis' },
  { program: 'nats-server', debianPackage: 'nats-server', neededFor: 'events' },
  { program: 'chromium', debianPackage: 'chromium', neededFor: 'the console in a browser' },
  { program: 'promtool', debianPackage: 'prometheus', neededFor: 'alert rules and metrics' },
  { program: 'amtool', debianPackage: 'prometheus-alertmanager', neededFor: 'alert routing' },
  { program: 'docker-compose', debianPackage: 'docker-compose', neededFor: 'compose files' },
  { program: 'pgbouncer', debianPackage: 'pgbouncer', neededFor: 'Postgres behind a pooler' },
  { program: 'jq', debianPackage: 'jq', neededFor: 'the runbook' },
  { program: 'curl', debianPackage: 'curl', neededFor: 'the runbook' },
];

/** Installs what is missing if this is Debian and we are root; returns what is missing still. */
export async function ensurePrograms(): Promise<Program[]> {
  const missing = await missingPrograms();
  if (missing.length === 0 || !mayInstall()) return missing;
  const packages = missing.map(({ debianPackage }) => debianPackage);
  console.log(`installing ${packages.join(' ')} (Debian, once) …`);
  apt('update');
  // One package that this release of Debian lacks must not keep the others away.
  if (!apt('install', '--no-install-recommends', ...packages)) packages.forEach((name) => apt('install', name));
  return missingPrograms();
}

async function missingPrograms(): Promise<Program[]> {
  const paths = await Promise.all(PROGRAMS.map(({ program }) => findProgram(program)));
  return PROGRAMS.filter((_, index) => paths[index] === undefined);
}

function mayInstall(): boolean {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get');
}

function apt(...args: string[]): boolean {
  // At runlevel 1 Debian's packages do not start their servers: the tests bring up their own.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const { status, stderr } = spawnSync('apt-get', ['-qq', '--yes', ...args], {
    env,
    encoding: 'utf8',
    timeout: 240_000,
  });
  if (status !== 0) console.error(`apt-get ${args[0] ?? ''}: ${stderr.trim().split('\n').at(-1) ?? ''}`);
  return status === 0;
}
