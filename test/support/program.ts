import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { programFolders } from '../../platform/services/binaries.ts';

/** The path of a program that is not ours to ship; skips the test or suite, and says why, when it is not installed. */
export async function needsProgram(context: Mocha.Context, name: string): Promise<string> {
  const path = await findProgram(name);
  if (path !== undefined) return path;
  console.log(`    (skipped: ${name} is not installed)`);
  return context.skip();
}

/** The path of a program, found in PATH and where Debian and Homebrew keep what PATH may lack. */
export async function findProgram(name: string): Promise<string | undefined> {
  for (const folder of await programFolders(process.env.PATH ?? '')) {
    const path = join(folder, name);
    if (await isExecutable(path)) return path;
  }
  return undefined;
}

function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** Runs a program to its end and gives what it printed; throws with its stderr when it fails. */
export async function runProgram(path: string, args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(path, args, { maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}
