import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { problemOf } from './check.ts';

const execute = promisify(execFile);

export interface ProgramOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs a checker; its complaint is the problem. */
export async function complaintsOf(
  program: string,
  args: readonly string[],
  { cwd, env = process.env }: ProgramOptions,
): Promise<string[]> {
  try {
    await execute(program, args, { cwd, env });
    return [];
  } catch (error) {
    return [problemOf(error)];
  }
}
