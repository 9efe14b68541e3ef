import { fork, type ChildProcess } from 'node:child_process';

/** Starts a session's process; it loads the SDK and waits for its order. */
export function forkSession(program: string, env: NodeJS.ProcessEnv): ChildProcess {
  return fork(program, [], { env, execArgv: [], detached: true, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
}

/** One session's process that is started ahead: loading Dagger's SDK takes half a second. Each serves one session. */
export class SpareProcess {
  readonly #start: () => ChildProcess;
  #spare: ChildProcess | undefined;
  #closed = false;

  constructor(start: () => ChildProcess) {
    this.#start = start;
  }

  /** The spare process, or a new one. */
  take(): ChildProcess {
    const taken = this.#spare ?? this.#start();
    this.#spare = undefined;
    return taken;
  }

  /** Starts a spare if there is none; it does not keep this process alive. */
  refill(): void {
    if (this.#closed || this.#spare) return;
    const spare = this.#start();
    this.#spare = spare;
    spare.once('exit', () => {
      if (this.#spare === spare) this.#spare = undefined;
    });
    spare.on('error', () => undefined);
  }

  close(): void {
    this.#closed = true;
    this.#spare?.kill('SIGKILL');
    this.#spare = undefined;
  }
}
