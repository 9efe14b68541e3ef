import { spawn } from 'node:child_process';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Agent } from '../../../agents/kit/index.ts';
import { outputTo } from '../../../agents/kit/output.ts';

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

/** Calls a kit-made agent in this process as a warm host does: all of it but the program's start. */
export async function callAgent(
  entry: string,
  input: unknown,
  { env = {}, stdin = '' }: Run = {},
): Promise<AgentResult> {
  const agent = await loadWarm(entry);
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const texts = Promise.all([text(stdout), text(stderr)]);
  const exitCode = await agent.main({
    argument: typeof input === 'string' ? input : JSON.stringify(input),
    env: { PATH: process.env['PATH'], ...env },
    signal: new AbortController().signal,
    stdin: Readable.from([stdin]),
    output: outputTo(stdout, stderr),
  });
  stdout.end();
  stderr.end();
  const [out, err] = await texts;
  return { exitCode, stdout: out, stderr: err, log: err.split('\n').flatMap(parseLine) };
}

/** Imports an agent without running it. */
export async function loadWarm(entry: string): Promise<Agent<unknown, unknown>> {
  process.env['COMMANDCENTER_WARM'] = '1';
  try {
    return ((await import(entry)) as { default: Agent<unknown, unknown> }).default;
  } finally {
    delete process.env['COMMANDCENTER_WARM'];
  }
}

/** The parsed output of a call that succeeded; fails with its stderr when it did not. */
export async function outputOf<T>(entry: string, input: unknown, run: Run = {}): Promise<T> {
  return parseOutput(await callAgent(entry, input, run));
}

/** The parsed output of a result that must be a success. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller knows whose output it is
export function parseOutput<T>({ exitCode, stdout, stderr }: AgentResult): T {
  if (exitCode !== 0) throw new Error(`The agent exited with ${String(exitCode)}: ${stderr}`);
  if (stdout.trimEnd().includes('\n')) throw new Error(`More than one line on stdout: ${stdout.slice(0, 500)}`);
  return JSON.parse(stdout) as T;
}
