import type { ChildProcess } from 'node:child_process';
import { signalGroup } from '../process/signals.ts';
import type { Reaper } from '../reaper.ts';
import type { StopReason } from '../verdict.ts';
import type { LastMessage, SessionMessage, SessionOrder } from './order.ts';

/** Between SIGTERM, which lets the session end cleanly, and SIGKILL. */
const GRACE_MS = 3_000;
const LAST_WORDS_LENGTH = 1_000;

/** How a session ended: by its own last word, or because it was stopped. */
export type SessionOutcome = LastMessage | { readonly kind: 'stopped'; readonly reason: StopReason };

export interface SessionOptions {
  readonly reaper?: Reaper | undefined;
  /** How long the engine has to answer for the first time. */
  readonly connectMs: number;
  readonly timeoutMs: number;
  /** Each stops the session for its reason. */
  readonly stops: readonly { readonly signal: AbortSignal; readonly reason: StopReason }[];
  onEngineLog(this: void, chunk: Buffer): void;
}

/** Gives a session's process (spare-process.ts) its one order and sees to its end. Never rejects. */
export async function runSession(
  child: ChildProcess,
  order: SessionOrder,
  options: SessionOptions,
): Promise<SessionOutcome> {
  const { reaper, connectMs, timeoutMs, stops, onEngineLog } = options;
  const { pid } = child;
  if (pid !== undefined) reaper?.track(pid);
  const session = new Session(child);
  child.stderr?.on('data', onEngineLog);
  child.stderr?.on('data', (chunk: Buffer) => {
    session.overhear(chunk);
  });

  const unanswered = `the engine did not answer within ${connectMs / 1000} s`;
  const timers = [
    setTimeout(() => session.end({ kind: 'stopped', reason: 'timeout' }), timeoutMs),
    setTimeout(() => session.connected || session.end({ kind: 'engine-failed', reason: unanswered }), connectMs),
  ];
  const listeners = stops.map(({ signal, reason }) => {
    const listener = () => session.end({ kind: 'stopped', reason });
    if (signal.aborted) listener();
    signal.addEventListener('abort', listener, { once: true });
    return () => signal.removeEventListener('abort', listener);
  });

  child.on('message', (message) => session.hear(message as SessionMessage));
  child.send(order, () => undefined); // waits in the pipe until the process has loaded the SDK
  const outcome = await session.outcome;
  timers.forEach(clearTimeout);
  for (const remove of listeners) remove();
  if (pid !== undefined) reaper?.untrack(pid);
  return outcome;
}

/** The life of a session's process: what is known of its outcome, and its end. */
class Session {
  connected = false;
  readonly outcome: Promise<SessionOutcome>;
  readonly #child: ChildProcess;
  #known: SessionOutcome | undefined;
  #killer: NodeJS.Timeout | undefined;
  #lastWords = '';

  constructor(child: ChildProcess) {
    this.#child = child;
    this.outcome = new Promise((resolve) => {
      const settle = (reason: string) => {
        clearTimeout(this.#killer);
        if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
        resolve(this.#known ?? { kind: 'engine-failed', reason: `${reason}: ${this.#lastWords.trim()}` });
      };
      child.once('error', (error) => settle(error.message));
      child.once('exit', (code, signal) => settle(`the session's process ended with ${signal ?? `exit code ${code}`}`));
    });
  }

  hear(message: SessionMessage): void {
    if (message.kind === 'connected') this.connected = true;
    else this.#know(message);
  }

  /** Keeps what is worth telling when the process dies without a word. */
  overhear(chunk: Buffer): void {
    this.#lastWords = `${this.#lastWords}${chunk.toString()}`.slice(-LAST_WORDS_LENGTH);
  }

  /** Ends the process; the first outcome that is known counts. */
  end(outcome: SessionOutcome): void {
    this.#know(outcome);
    this.#child.kill('SIGTERM');
  }

  #know(outcome: SessionOutcome): void {
    this.#known ??= outcome;
    this.#killer ??= setTimeout(() => {
      if (this.#child.pid !== undefined) signalGroup(this.#child.pid, 'SIGKILL');
    }, GRACE_MS);
  }
}
