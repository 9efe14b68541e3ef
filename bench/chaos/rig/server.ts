import { setTimeout as delay } from 'node:timers/promises';
import { isSameProcess, type ProcessMark } from '../../../platform/services/process-mark.ts';
import type { ServerProgram } from '../../../platform/services/server.ts';
import { endProcess, launch, logTail } from '../../../platform/services/server-process.ts';

/** A private server that may be hurt, always on the same port. */
export interface VictimServer {
  readonly name: string;
  readonly port: number;
  /** While it runs. */
  readonly pid: number | undefined;
  start(): Promise<void>;
  /** Ends it at once, without a chance to tidy up. */
  crash(): Promise<void>;
  /** Stops it where it is: connections stay open and nobody answers. */
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
}

const START_MS = 60_000;

/** @param crashSignal SIGKILL, or what the program takes as the order to crash with its children */
export function createVictim(
  program: ServerProgram,
  { port, logPath, crashSignal }: { port: number; logPath: string; crashSignal: NodeJS.Signals },
): VictimServer {
  let running: ProcessMark | undefined;

  async function becomeReady(mark: ProcessMark): Promise<void> {
    const end = performance.now() + START_MS;
    while (performance.now() < end && (await isSameProcess(mark))) {
      const answers = await program.probe(port).then(
        () => true,
        () => false,
      );
      if (answers) return;
      await delay(50);
    }
    throw new Error(`${program.name} did not start:\n${await logTail(logPath)}`);
  }

  function signal(name: NodeJS.Signals): void {
    if (running) process.kill(running.pid, name);
  }

  async function end(name: NodeJS.Signals): Promise<void> {
    if (running) await endProcess(running, name, 10_000);
    running = undefined;
  }

  return {
    name: program.name,
    port,
    get pid() {
      return running?.pid;
    },
    async start() {
      if (running) return;
      await program.prepare(port);
      running = await launch(program.command(port), logPath);
      await becomeReady(running);
    },
    crash: () => end(crashSignal),
    pause: () => signal('SIGSTOP'),
    resume: () => signal('SIGCONT'),
    stop: () => end(program.stopSignal),
  };
}
