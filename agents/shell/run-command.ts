import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { Input, Output } from './schemas.ts';

const KEPT_BYTES = 256 * 1024;
const KILL_AFTER_MS = 2_000;
/** What the program inherits; secrets of the agent are not among it. */
const INHERITED = ['PATH', 'LANG', 'LC_ALL', 'TZ', 'HOME', 'TMPDIR'];

/** Runs the program in a process group of its own and ends the whole group on time-out or when `signal` is aborted. */
export async function runCommand(
  input: Input,
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<Output> {
  const startedAt = performance.now();
  const child = spawn(input.command, input.args, {
    cwd: input.workingDirectory,
    env: Object.fromEntries(INHERITED.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]))),
    detached: true,
    shell: false,
  });
  const ended = new Promise<Pick<Output, 'exitCode' | 'signal'>>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, name) => {
      resolve({ exitCode, signal: name });
    });
  });
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(input.timeoutSeconds * 1000)]);
  deadline.addEventListener('abort', () => {
    endGroup(child.pid);
  });
  child.stdin.on('error', () => undefined); // a program may not want its stdin
  child.stdin.end(input.stdin);
  const [stdout, stderr, exit] = await Promise.all([keepHead(child.stdout), keepHead(child.stderr), ended]);
  return {
    ...exit,
    stdout: stdout.text,
    stderr: stderr.text,
    truncated: stdout.truncated || stderr.truncated,
    durationMs: Math.round(performance.now() - startedAt),
  };
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  kill(pid, 'SIGTERM');
  setTimeout(() => {
    kill(pid, 'SIGKILL');
  }, KILL_AFTER_MS).unref();
}

function kill(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(-pid, name);
  } catch {
    // it has ended by itself
  }
}

async function keepHead(stream: Readable): Promise<{ text: string; truncated: boolean }> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (size < KEPT_BYTES) chunks.push(chunk.subarray(0, KEPT_BYTES - size));
    size += chunk.length;
  }
  return { text: Buffer.concat(chunks).toString('utf8'), truncated: size > KEPT_BYTES };
}
