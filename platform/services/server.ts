import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../../contracts/errors.ts';
import type { Logger } from '../log.ts';
import { freePort, isPortFree } from './free-port.ts';
import { isSameProcess } from './process-mark.ts';
import { openServerHome, type ServerHome, type ServerState } from './server-home.ts';
import { endProcess, launch, logTail, type Command } from './server-process.ts';

/** How one kind of server is run. */
export interface ServerProgram {
  readonly name: string;
  /** Writes what the server needs before it starts on this port. */
  prepare(port: number): Promise<void>;
  command(port: number): Command;
  /** Resolves when the server answers as ours; rejects when it does not, within about a second. */
  probe(port: number): Promise<void>;
  /** Makes the server finish; it is killed when it does not. */
  readonly stopSignal: NodeJS.Signals;
}

/** A server that runs for us, and perhaps for other processes that use the same data folder. */
export interface JoinedServer {
  readonly port: number;
  /** True when it ran already: left by a start that was killed, or shared with a process beside us. */
  readonly found: boolean;
  /** Ends the server unless another living process uses it. */
  leave(deadlineMs: number): Promise<void>;
}

const START_TIMEOUT_MS = 60_000;
const FOUND_TIMEOUT_MS = 3_000;
const STOP_TIMEOUT_MS = 10_000;
const PROBE_INTERVAL_MS = 30;
const WATCH_INTERVAL_MS = 1_000;
const START_ATTEMPTS = 3;

/**
 * Uses the server of this home folder: the one that runs already, if its process is the one that was started for this
 * folder and it answers, else a new one. While we use it, it is started again when it ends by itself.
 * @throws AppError UNAVAILABLE when it does not come up, with the last lines of its log
 */
export async function joinServer(path: string, program: ServerProgram, log: Logger): Promise<JoinedServer> {
  const home = await openServerHome(path);
  const joined = await home.locked(async () => {
    const running = await findRunning(home, program, log);
    const state = running ?? (await startOnFreePort(home, program));
    return { state, found: running !== undefined, unregister: await home.register() };
  });
  const stopWatching = keepRunning(home, program, joined.state, log);

  return {
    port: joined.state.port,
    found: joined.found,
    async leave(deadlineMs) {
      stopWatching();
      await home.locked(async () => {
        await joined.unregister();
        if (await home.isUsed()) return;
        const last = await home.readState();
        if (last) await endProcess(last.process, program.stopSignal, Math.min(deadlineMs, STOP_TIMEOUT_MS));
        await home.writeState(undefined);
      });
    },
  };
}

async function findRunning(home: ServerHome, program: ServerProgram, log: Logger): Promise<ServerState | undefined> {
  const state = await home.readState();
  if (!state || !(await isSameProcess(state.process))) return undefined;
  if (await becomesReady(program, state, FOUND_TIMEOUT_MS)) return state;
  log.warn({ server: program.name, pid: state.process.pid }, 'a server of an earlier start does not answer; ending it');
  await endProcess(state.process, program.stopSignal, STOP_TIMEOUT_MS);
  return undefined;
}

/** The port is free when we ask, not yet ours: if another was faster, the next one is tried. */
async function startOnFreePort(home: ServerHome, program: ServerProgram): Promise<ServerState> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    try {
      return await start(home, program, port);
    } catch (error) {
      if (attempt === START_ATTEMPTS || (await isPortFree(port))) throw error;
    }
  }
}

async function start(home: ServerHome, program: ServerProgram, port: number): Promise<ServerState> {
  await program.prepare(port);
  const state = { process: await launch(program.command(port), home.logPath), port };
  await home.writeState(state);
  if (await becomesReady(program, state, START_TIMEOUT_MS)) return state;
  await endProcess(state.process, 'SIGKILL', STOP_TIMEOUT_MS);
  throw new AppError('UNAVAILABLE', `${program.name} did not start. Its last lines:\n${await logTail(home.logPath)}`);
}

async function becomesReady(program: ServerProgram, state: ServerState, timeoutMs: number): Promise<boolean> {
  const end = performance.now() + timeoutMs;
  while (performance.now() < end && (await isSameProcess(state.process))) {
    const answers = await program.probe(state.port).then(
      () => true,
      () => false,
    );
    if (answers) return true;
    await delay(PROBE_INTERVAL_MS);
  }
  return false;
}

/** Starts the server again, on its port, when it ends without us; of several users whoever sees it first does. */
function keepRunning(home: ServerHome, program: ServerProgram, joined: ServerState, log: Logger): () => void {
  let stopped = false;
  let current = joined.process;

  async function restart(): Promise<void> {
    await home.locked(async () => {
      const state = await home.readState();
      if (stopped || (state && (await isSameProcess(state.process)))) return;
      log.error({ server: program.name }, 'a server ended by itself; starting it again');
      await start(home, program, joined.port);
    });
    current = (await home.readState())?.process ?? current;
  }

  async function look(): Promise<void> {
    try {
      if (!stopped && !(await isSameProcess(current))) await restart();
    } catch (error) {
      log.error({ server: program.name, err: error }, 'a server could not be started again');
    }
    lookLater();
  }
  function lookLater(): void {
    if (!stopped) setTimeout(() => void look(), WATCH_INTERVAL_MS).unref();
  }
  lookLater();

  return () => {
    stopped = true;
  };
}
