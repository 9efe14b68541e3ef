import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

export interface AgentResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The parsed lines of stderr that are JSON. */
  readonly log: readonly Record<string, unknown>[];
}

export interface Run {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

/** The absolute path of an agent of this repository, or of a fixture. */
export const agentPath = (name: string) => fileURLToPath(new URL(`../../../agents/${name}/index.ts`, import.meta.url));
export const fixturePath = (name: string) => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));

/** Runs an agent as the engine does: a program with one argument and an environment of its own. */
export function startAgent(entry: string, argument: string | undefined, { env = {}, stdin = '' }: Run = {}) {
  const args = ['--import', 'tsx', entry, ...(argument === undefined ? [] : [argument])];
  const child = spawn(process.execPath, args, { env: { PATH: process.env['PATH'] ?? '', ...env }, stdio: 'pipe' });
  child.stdin.on('error', () => undefined); // an agent may exit without reading
  child.stdin.end(stdin);
  return child;
}

/** The same, and waits for its end. An object is passed as JSON. */
export async function runAgent(entry: string, input: unknown, run: Run = {}): Promise<AgentResult> {
  const child = startAgent(
    entry,
    input === undefined || typeof input === 'string' ? input : JSON.stringify(input),
    run,
  );
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  return { exitCode, stdout, stderr, log: stderr.split('\n').flatMap(parseLine) };
}

function parseLine(line: string): Record<string, unknown>[] {
  try {
    return [JSON.parse(line) as Record<string, unknown>];
  } catch {
    return [];
  }
}

/** The parsed output of a run that succeeded; fails with its stderr when it did not. */
export async function outputOf<T>(entry: string, input: unknown, run: Run = {}): Promise<T> {
  const { exitCode, stdout, stderr } = await runAgent(entry, input, run);
  if (exitCode !== 0) throw new Error(`The agent exited with ${String(exitCode)}: ${stderr}`);
  if (stdout.trimEnd().includes('\n')) throw new Error(`More than one line on stdout: ${stdout.slice(0, 500)}`);
  return JSON.parse(stdout) as T;
}
