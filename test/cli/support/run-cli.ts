import { spawn } from 'node:child_process';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { runCli as runProgram } from '../../../cli/program.ts';
import { ROOT } from './service.ts';

export interface CliResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliSetting {
  readonly url: string;
  readonly cwd?: string;
  readonly stdin?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** One command line in this process, with pipes for its streams. */
export async function runCli(
  args: readonly string[],
  { url, cwd = ROOT, stdin = '', env = {} }: CliSetting,
): Promise<CliResult> {
  const out: string[] = [];
  const err: string[] = [];
  const exitCode = await runProgram(args, {
    stdin: Readable.from([stdin]),
    stdout: { write: (chunk) => out.push(chunk) },
    stderr: { write: (chunk) => err.push(chunk) },
    env: { COMMANDCENTER_URL: url, COMMANDCENTER_CONFIG: '/nowhere/config.json', ...env },
    cwd,
  });
  return { exitCode, stdout: out.join(''), stderr: err.join('') };
}

/** The same as a program of its own; the build is there since the service was started. */
export async function spawnCli(args: readonly string[], { url, env = {} }: CliSetting): Promise<CliResult> {
  return spawnNode(['dist/cli/cli.js', ...args], { ...process.env, COMMANDCENTER_URL: url, ...env });
}

export async function spawnNode(args: readonly string[], env: NodeJS.ProcessEnv): Promise<CliResult> {
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  return { exitCode, stdout, stderr };
}
