import { fork, type ChildProcess } from 'node:child_process';
import { signalGroup } from '../process/signals.ts';
import type { Reaper } from '../reaper.ts';
import type { StopReason } from '../verdict.ts';
import type { LastMessage, SessionMessage, SessionOrder } from './order.ts';

/** Between SIGTERM, which lets the session end cleanly, and SIGKILL. */
const GRACE_MS = 3_000;

/** How a session ended: by its own last word, or because it was stopped. */
export type SessionOutcome = LastMessage | { readonly kind: 'stopped'; readonly reason: StopReason };

export interface SessionOptions {
  /** The compiled session.ts. */
  readonly program: string;
  readonly env: NodeJS.ProcessEnv;
  readonly reaper?: Reaper | undefined;
  /** How long the engine has to answer for the first time. */
  readonly connectMs: number;
  readonly timeoutMs: number;
  /** Each stops the session for its reason. */
  readonly stops: readonly { readonly signal: AbortSignal; readonly reason: StopReason }[];
  onEngineLog(this: void, chunk: Buffer): void;
}

/** Runs one order in a process of its own and sees to its end. Never rejects. */
export async function runSession(order: SessionOrder, options: SessionOptions): Promise<SessionOutcome> {
  const { program, env, reaper, connectMs, timeoutMs, stops, onEngineLog } = options;
  const child = fork(program, [], { env, execArgv: [], detached: true, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  const { pid } = child;
  if (pid !== undefined) reaper?.track(pid);
  child.stderr?.on('data', onEngineLog);

  const session = new Session(child);
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

  child.on('message', (message) => session.hear(message as SessionMessage, order));
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

  constructor(child: ChildProcess) {
    this.#child = child;
    this.outcome = new Promise((resolve) => {
      const settle = (reason: string) => {
        clearTimeout(this.#killer);
        if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
        resolve(this.#known ?? { kind: 'engine-failed', reason });
      };
      child.once('error', (error) => settle(error.message));
      child.once('exit', (code, signal) => settle(`the session's process ended with ${signal ?? `exit code ${code}`}`));
    });
  }

  hear(message: SessionMessage | { readonly kind: 'ready' }, order: SessionOrder): void {
    if (message.kind === 'ready') this.#child.send(order, () => undefined);
    else if (message.kind === 'connected') this.connected = true;
    else this.#know(message);
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
