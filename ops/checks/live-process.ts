import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, closeSync } from 'node:fs';

export interface LiveProcess {
  stop(): Promise<void>;
}

export interface LiveProcessOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Gets what it prints, on stdout and stderr. */
  readonly logFile: string;
}

/** Starts a program that stays; `stop` ends it by SIGTERM and waits. A missing program is seen by nobody answering. */
export function startProcess(
  program: string,
  args: readonly string[],
  { cwd, env, logFile }: LiveProcessOptions,
): LiveProcess {
  const log = openSync(logFile, 'a');
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', log, log] });
  closeSync(log);
  child.on('error', () => undefined);
  const ended = once(child, 'exit');
  ended.catch(() => undefined);
  return {
    async stop() {
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await ended;
    },
  };
}
