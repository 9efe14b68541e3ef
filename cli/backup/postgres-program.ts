import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { programFolders } from '../../platform/services/binaries.ts';
import { CliError, EXIT } from '../exit-codes.ts';

const execute = promisify(execFile);
const MEGABYTE = 1024 * 1024;

/**
 * Runs one of Postgres' own programs on a database. The password goes by the environment: arguments are seen by all.
 * @throws CliError when it is not installed, or with what it complained about
 */
export async function runPostgresProgram(
  name: 'pg_dump' | 'pg_restore',
  databaseUrl: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const program = await findProgram(name, env.PATH ?? '');
  const { url, password } = withoutPassword(databaseUrl);
  try {
    const secret = password === '' ? {} : { PGPASSWORD: password };
    await execute(program, [`--dbname=${url}`, ...args], { env: { ...env, ...secret }, maxBuffer: 16 * MEGABYTE });
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string };
    throw new CliError(EXIT.failed, `${name} failed: ${stderr.trim() || String(error)}`, { cause: error });
  }
}

async function findProgram(name: string, path: string): Promise<string> {
  for (const folder of await programFolders(path)) {
    const candidate = join(folder, name);
    const found = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return candidate;
  }
  throw new CliError(
    EXIT.failed,
    `${name} is not installed. Debian: apt-get install postgresql-client; macOS: brew install libpq`,
  );
}

function withoutPassword(databaseUrl: string): { url: string; password: string } {
  const url = new URL(databaseUrl);
  const password = decodeURIComponent(url.password);
  url.password = '';
  return { url: url.toString(), password };
}
