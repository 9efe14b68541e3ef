import { within } from './deadline.ts';
import type { Logger } from './log.ts';

/** Everything that runs. `start` resolves when it serves; `stop` within the deadline, in milliseconds. */
export interface Service {
  readonly name: string;
  start(): Promise<void>;
  stop(deadlineMs: number): Promise<void>;
}

export interface Lifecycle {
  /** Starts in order; when one fails, stops those that had started, in reverse, and throws its error. */
  start(): Promise<void>;
  /** Stops in reverse order within the deadline; a repeat joins the first. False when one failed or was too slow. */
  stop(deadlineMs?: number): Promise<boolean>;
  /**
   * Stops within the deadline and exits on SIGTERM or SIGINT; a second signal exits at once. Returns a function that stops
   * listening.
   */
  exitOnSignals(process: SignalSource, deadlineMs?: number): () => void;
}

/** The part of `process` that signals need. */
export interface SignalSource {
  on(signal: StopSignal, listener: (signal: StopSignal) => void): unknown;
  off(signal: StopSignal, listener: (signal: StopSignal) => void): unknown;
  exit(code: number): unknown;
}
type StopSignal = 'SIGTERM' | 'SIGINT';

const EXIT_CODE = { SIGTERM: 143, SIGINT: 130 } as const;
const DEFAULT_DEADLINE_MS = 30_000;
/** What a service gets when those before it used the deadline up: a child process can still be ended in it. */
const LAST_CHANCE_MS = 1_000;

/** Orders the start and the stop of services: the first to start is the last to stop. */
export function createLifecycle(services: readonly Service[], log: Logger): Lifecycle {
  const started: Service[] = [];
  let stopping: Promise<boolean> | undefined;
  let starting: Promise<void> = Promise.resolve();

  async function startInOrder(): Promise<void> {
    for (const service of services) {
      if (stopping) return;
      await service.start();
      started.push(service);
    }
  }

  async function stopInReverse(deadlineMs: number): Promise<boolean> {
    const end = performance.now() + deadlineMs;
    await within(
      deadlineMs,
      starting.catch(() => undefined),
    );
    let clean = true;
    for (const service of started.splice(0).reverse()) {
      const left = Math.max(end - performance.now(), LAST_CHANCE_MS);
      clean = (await stopOne(service, left, log)) && clean;
    }
    return clean;
  }

  function stop(deadlineMs = DEFAULT_DEADLINE_MS): Promise<boolean> {
    stopping ??= stopInReverse(deadlineMs);
    return stopping;
  }

  async function start(): Promise<void> {
    starting = startInOrder();
    try {
      await starting;
    } catch (error) {
      await stop();
      throw error;
    }
  }

  function exitOnSignals(source: SignalSource, deadlineMs?: number): () => void {
    const onSignal = (signal: StopSignal): void => {
      if (stopping) {
        source.exit(EXIT_CODE[signal]);
        return;
      }
      log.info({ signal }, 'stopping; a second signal exits at once');
      void stop(deadlineMs).then((clean) => source.exit(clean ? 0 : 1));
    };
    source.on('SIGTERM', onSignal);
    source.on('SIGINT', onSignal);
    return () => {
      source.off('SIGTERM', onSignal);
      source.off('SIGINT', onSignal);
    };
  }

  return { start, stop, exitOnSignals };
}

async function stopOne(service: Service, deadlineMs: number, log: Logger): Promise<boolean> {
  try {
    const { late } = await within(deadlineMs, service.stop(deadlineMs));
    if (!late) return true;
    log.warn({ service: service.name, deadlineMs: Math.round(deadlineMs) }, 'did not stop in time');
  } catch (error) {
    log.error({ service: service.name, err: error }, 'failed to stop');
  }
  return false;
}
