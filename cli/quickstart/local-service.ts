import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isPortFree } from '../../platform/services/free-port.ts';
import { CliError, EXIT } from '../exit-codes.ts';
import { forgetService, rememberService } from './leftover.ts';

/** A service of our own on this machine: API and worker in one process, beside ours so that its logs are its own. */
export interface LocalService {
  readonly url: string;
  readonly pid: number;
  readonly logPath: string;
  /**
   * Waits until it answers; gives one line for each server that it stands on.
   * @throws CliError with what it said last when it does not come up; it is ended then
   */
  ready(): Promise<readonly string[]>;
  /** Ends it and the servers that it brought up, in order. */
  stop(): Promise<void>;
  /** Lets it live on without us. */
  keep(): Promise<void>;
}

export interface LocalServiceOptions {
  readonly root: string;
  /** Exists already. */
  readonly dataDir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly port: number;
}

const START_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 30_000;
const POLL_MS = 50;
const MAIN = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../main.ts' : '../../main.js', import.meta.url),
);

/** The first port from this one on that nobody listens on. */
export async function firstFreePort(from: number): Promise<number> {
  for (let port = from; port < from + 100; port++) if (await isPortFree(port)) return port;
  throw new CliError(EXIT.failed, `The ports ${from} to ${from + 99} are all taken: choose another with PORT=…`);
}

/** Launches the service; from then on it can be stopped, and its quickstart is known should that be killed. */
export async function launchService({ root, dataDir, env, port }: LocalServiceOptions): Promise<LocalService> {
  const logPath = join(dataDir, `quickstart-${port}.log`);
  const saidPath = join(dataDir, `quickstart-${port}.err`);
  const child = launch({ root, env: { ...env, PORT: String(port) }, logPath, saidPath });
  const url = `http://${hostOf(env)}:${port}`;
  const answering = becomesReady(child, url);
  answering.catch(() => undefined); // told by ready()
  await rememberService(dataDir, port, child.pid ?? 0);

  let stopped: Promise<void> | undefined;

  // a second signal would cut the first one's work short
  const stop = (): Promise<void> => (stopped ??= stopOnce());
  async function stopOnce(): Promise<void> {
    // Only a service that is up takes its servers down with it; one that is starting would leave them behind.
    await answering.catch(() => undefined);
    await end(child);
    await forgetService(dataDir, port);
  }
  return {
    url,
    pid: child.pid ?? 0,
    logPath,
    stop,
    async ready() {
      try {
        await answering;
      } catch (error) {
        await stop();
        throw await withLog(error, logPath, saidPath);
      }
      return (await linesOf(saidPath)).filter((line) => !line.startsWith('http'));
    },
    async keep() {
      child.unref();
      await forgetService(dataDir, port);
    },
  };
}

interface Launch {
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  readonly logPath: string;
  readonly saidPath: string;
}

/** In a group of its own: Ctrl-C is ours to handle, and a kept service outlives the terminal. */
function launch({ root, env, logPath, saidPath }: Launch): ChildProcess {
  const [log, said] = [openSync(logPath, 'w'), openSync(saidPath, 'w')];
  try {
    return spawn(process.execPath, [...process.execArgv, MAIN, '--roles=api,worker'], {
      cwd: root,
      env,
      detached: true,
      stdio: ['ignore', log, said],
    });
  } finally {
    closeSync(log);
    closeSync(said);
  }
}

function hostOf({ HOST }: NodeJS.ProcessEnv): string {
  return !HOST || HOST === '0.0.0.0' || HOST === '::' ? '127.0.0.1' : HOST;
}

async function becomesReady(child: ChildProcess, url: string): Promise<void> {
  let failure: Error | undefined;
  child.once('error', (error) => (failure = error));
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (performance.now() < deadline) {
    if (failure) throw failure;
    if (hasEnded(child)) throw new CliError(EXIT.failed, 'The service did not start.');
    const answers = await fetch(`${url}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (answers) return;
    await delay(POLL_MS);
  }
  throw new CliError(EXIT.failed, `The service did not answer within ${START_TIMEOUT_MS / 1000} s.`);
}

async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child) || child.pid === undefined) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(timer);
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

async function withLog(error: unknown, logPath: string, saidPath: string): Promise<CliError> {
  const reason = error instanceof Error ? error.message : String(error);
  const said = await linesOf(saidPath);
  const last = said.length > 0 ? said : (await linesOf(logPath)).slice(-5);
  return new CliError(EXIT.failed, [reason, ...last.slice(-12), `Its log: ${logPath}`].join('\n'), { cause: error });
}

async function linesOf(path: string): Promise<string[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.split('\n').filter((line) => line.trim() !== '');
}
