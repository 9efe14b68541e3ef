import { spawn, type ChildProcess } from 'node:child_process';
import type { Writable } from 'node:stream';
import { programFile } from './program.ts';

const SILENCE_MS = 10_000;
/** One beat may be lost, and the next come late. */
const BEATS_PER_SILENCE = 5;
/** A reaper that cannot live must not be started in a tight loop. */
const RESTART_AFTER_MS = 500;

export interface ReaperOptions {
  readonly workerId: string;
  /** Where our own programs are compiled to when running from sources (DATA_DIR). */
  readonly cacheDir: string;
  /** After how long without a sign of life the reaper acts; default 10 s. */
  readonly silenceMs?: number;
}

/** Starts the reaper of this worker, see Reaper. */
export async function startReaper({ workerId, cacheDir, silenceMs = SILENCE_MS }: ReaperOptions): Promise<Reaper> {
  return new Reaper(await programFile(new URL('./reaper/main', import.meta.url), cacheDir), workerId, silenceMs);
}

/**
 * The small program that kills a worker's agents when the worker is killed, stopped, or hangs for 10 s (reaper/main.ts):
 * it lives in a session of its own and hears from the worker through a pipe. Somebody kills it: it is started again.
 */
export class Reaper {
  readonly #program: string;
  readonly #workerId: string;
  readonly #silenceMs: number;
  readonly #groups = new Set<number>();
  readonly #folders = new Set<string>();
  readonly #beats: NodeJS.Timeout;
  #child: ChildProcess & { readonly stdin: Writable };
  #stopped = false;

  constructor(program: string, workerId: string, silenceMs: number) {
    this.#program = program;
    this.#workerId = workerId;
    this.#silenceMs = silenceMs;
    this.#child = this.#start();
    this.#beats = setInterval(() => {
      this.beat();
    }, silenceMs / BEATS_PER_SILENCE).unref();
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Makes a process group the reaper's care. */
  track(pgid: number): void {
    this.#groups.add(pgid);
    this.#say(`track ${pgid}`);
  }

  untrack(pgid: number): void {
    this.#groups.delete(pgid);
    this.#say(`untrack ${pgid}`);
  }

  /** Leaves a folder to the reaper, to be removed when this worker is gone. */
  inherit(folder: string): void {
    this.#folders.add(folder);
    this.#say(`inherit ${folder}`);
  }

  /** One more sign of life, beside the regular ones. */
  beat(): void {
    this.#say('beat');
  }

  /** Ends the reaper without harm to the groups that it tracks. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#beats);
    const child = this.#child;
    child.ref();
    const exited = new Promise<void>((resolve) => {
      child.once('exit', () => {
        resolve();
      });
      if (child.exitCode !== null || child.signalCode !== null) resolve();
    });
    child.stdin.end('done\n');
    await exited;
  }

  #start(): ChildProcess & { readonly stdin: Writable } {
    const child = spawn(
      process.execPath,
      ['--max-old-space-size=32', this.#program, this.#workerId, `${this.#silenceMs}`],
      {
        cwd: '/',
        env: {},
        detached: true,
        stdio: ['pipe', 'ignore', 'ignore'],
      },
    );
    child.unref();
    // a pipe to a child is a socket, which would keep this process alive
    if ('unref' in child.stdin) (child.stdin as { unref(): void }).unref();
    child.stdin.on('error', () => undefined);
    child.on('error', () => undefined);
    child.once('exit', () => {
      setTimeout(() => {
        this.#restart();
      }, RESTART_AFTER_MS).unref();
    });
    return child;
  }

  #restart(): void {
    if (this.#stopped) return;
    this.#child = this.#start();
    for (const pgid of this.#groups) this.#say(`track ${pgid}`);
    for (const folder of this.#folders) this.#say(`inherit ${folder}`);
  }

  #say(line: string): void {
    if (this.#child.stdin.writable) this.#child.stdin.write(`${line}\n`);
  }
}
