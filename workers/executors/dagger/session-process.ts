import type { ChildProcess } from 'node:child_process';
import { signalGroup } from '../process/signals.ts';
import type { Reaper } from '../reaper.ts';
import type { StopReason } from '../verdict.ts';
import type { LastMessage, SessionMessage, SessionOrder } from './order.ts';

/** Between SIGTERM, which lets the session end cleanly, and SIGKILL. */
const GRACE_MS = 3_000;
/** The CLI was told to end and may still have to put away what the engine's cache exports. */
const CLI_GRACE_MS = 10_000;
const LAST_WORDS_MS = 200;
const LAST_WORDS_LENGTH = 1_000;
/** How the SDK reports that its CLI ended at once, and how we report that the SDK's process did. */
const SAYS_NOTHING = /reading 'port'|process ended/;

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
  const session = new Session(child, connectMs);
  child.stderr?.on('data', onEngineLog);
  child.stderr?.on('data', (chunk: Buffer) => {
    session.overhear(chunk);
  });

  const timer = setTimeout(() => session.end({ kind: 'stopped', reason: 'timeout' }), timeoutMs);
  const listeners = stops.map(({ signal, reason }) => {
    const listener = () => session.end({ kind: 'stopped', reason });
    if (signal.aborted) listener();
    signal.addEventListener('abort', listener, { once: true });
    return () => signal.removeEventListener('abort', listener);
  });

  child.on('message', (message) => session.hear(message as SessionMessage));
  child.send(order, () => undefined); // waits in the pipe until the process has loaded the SDK
  const outcome = await session.outcome;
  clearTimeout(timer);
  for (const remove of listeners) remove();
  if (pid !== undefined) reaper?.untrack(pid);
  return outcome;
}

/** The life of a session's process: what is known of its outcome, and its end. */
class Session {
  readonly outcome: Promise<SessionOutcome>;
  readonly #child: ChildProcess;
  readonly #connectMs: number;
  #connecting: NodeJS.Timeout | undefined;
  #known: SessionOutcome | undefined;
  #killer: NodeJS.Timeout | undefined;
  #lastWords = '';

  constructor(child: ChildProcess, connectMs: number) {
    this.#child = child;
    this.#connectMs = connectMs;
    this.outcome = new Promise((resolve) => {
      const settle = (reason: string) => {
        clearTimeout(this.#killer);
        clearTimeout(this.#connecting);
        resolve(this.#withLastWords(this.#known ?? { kind: 'engine-failed', reason }));
      };
      child.once('error', (error) => settle(error.message));
      child.once('exit', (code, signal) => {
        const end = () => settle(`the session's process ended with ${signal ?? `exit code ${code}`}`);
        child.once('close', end);
        setTimeout(end, LAST_WORDS_MS); // the CLI may hold stderr longer
        this.#killLater(CLI_GRACE_MS);
      });
    });
  }

  hear(message: SessionMessage): void {
    if (message.kind === 'asking') this.#connecting = setTimeout(() => this.#giveUp(), this.#connectMs);
    else if (message.kind === 'connected') clearTimeout(this.#connecting);
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

  #giveUp(): void {
    this.end({ kind: 'engine-failed', reason: `the engine did not answer within ${this.#connectMs / 1000} s` });
  }

  /** The client does not tell why its CLI or itself ended; they did, on stderr. */
  #withLastWords(outcome: SessionOutcome): SessionOutcome {
    const words = this.#lastWords.trim();
    if (outcome.kind !== 'engine-failed' || words === '' || !SAYS_NOTHING.test(outcome.reason)) return outcome;
    return { ...outcome, reason: `${outcome.reason}; the last lines of its log: ${words}` };
  }

  #know(outcome: SessionOutcome): void {
    this.#known ??= outcome;
    this.#killer ??= this.#killLater(GRACE_MS);
  }

  #killLater(delayMs: number): NodeJS.Timeout {
    const { pid } = this.#child;
    return setTimeout(() => pid !== undefined && signalGroup(pid, 'SIGKILL'), delayMs).unref();
  }
}
