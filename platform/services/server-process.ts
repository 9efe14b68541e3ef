import { spawn } from 'node:child_process';
import { open, readFile, stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Account } from './account.ts';
import { isSameProcess, markProcess, type ProcessMark } from './process-mark.ts';

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly runAs?: Account | undefined;
}

const POLL_MS = 20;
const MAX_LOG_BYTES = 5_000_000;
const LOG_TAIL_LINES = 15;
const ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C' };

/**
 * Starts a program that outlives us if need be, in a session of its own: a Ctrl-C in the terminal reaches us alone,
 * and we end it when nobody needs it any more. What it prints goes to the log file.
 */
export async function launch({ file, args, cwd, runAs }: Command, logPath: string): Promise<ProcessMark> {
  const output = await open(logPath, (await isFull(logPath)) ? 'w' : 'a', 0o600);
  try {
    const child = spawn(file, args, {
      cwd,
      detached: true,
      stdio: ['ignore', output.fd, output.fd],
      env: ENVIRONMENT,
      ...(runAs && { uid: runAs.uid, gid: runAs.gid }),
    });
    const pid = await new Promise<number>((resolve, reject) => {
      child.once('spawn', () => {
        resolve(child.pid ?? 0);
      });
      child.once('error', reject);
    });
    child.unref();
    return (await markProcess(pid)) ?? { pid, started: 'ended at once' };
  } finally {
    await output.close();
  }
}

/** Asks the process to end, and kills it after the deadline. Resolves when it is gone. */
export async function endProcess(mark: ProcessMark, signal: NodeJS.Signals, deadlineMs: number): Promise<void> {
  if (!(await isSameProcess(mark))) return;
  send(mark.pid, signal);
  // A stopped process would not get the signal before it goes on.
  send(mark.pid, 'SIGCONT');
  if (await isGoneWithin(mark, deadlineMs)) return;
  send(mark.pid, 'SIGKILL');
  await isGoneWithin(mark, deadlineMs);
}

/** What the program said last. */
export async function logTail(logPath: string): Promise<string> {
  const text = await readFile(logPath, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-LOG_TAIL_LINES).join('\n');
}

async function isGoneWithin(mark: ProcessMark, ms: number): Promise<boolean> {
  const end = performance.now() + ms;
  while (await isSameProcess(mark)) {
    if (performance.now() > end) return false;
    await delay(POLL_MS);
  }
  return true;
}

async function isFull(path: string): Promise<boolean> {
  return stat(path).then(
    ({ size }) => size > MAX_LOG_BYTES,
    () => false,
  );
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended in between.
  }
}
