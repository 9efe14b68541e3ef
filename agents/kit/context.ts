import { createLog, progressLine, type Log } from './log.ts';
import type { Secrets } from './secrets.ts';

/** What the engine says about this execution; all undefined when the agent was started by hand. */
export interface RunIdentity {
  readonly runId: string | undefined;
  readonly nodeId: string | undefined;
  /** Counts from 1; 1 when started by hand. */
  readonly attempt: number;
  /** Stays the same over the attempts of one node: pass it on to whatever must not happen twice. */
  readonly idempotencyKey: string | undefined;
}

/** What `run` gets beside its input. */
export interface AgentContext {
  readonly log: Log;
  readonly identity: RunIdentity;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted on SIGTERM: stop, clean up, throw. */
  readonly signal: AbortSignal;
  /** Reports how far the work is (0…1); shown live. */
  progress(fraction: number, text: string): void;
  /** A secret from the environment; its value is masked in every log line and error from then on. */
  secret(name: string): string | undefined;
  /** Masks `value` in every log line and error from then on. */
  hide(value: string): void;
}

export interface ContextParts {
  readonly env: AgentContext['env'];
  readonly signal: AbortSignal;
  readonly secrets: Secrets;
  readonly write: (line: string) => void;
}

/** Builds the context of one execution; every line goes through `secrets.mask`. */
export function createContext({ env, signal, secrets, write }: ContextParts): AgentContext {
  const writeMasked = (line: string) => {
    write(secrets.mask(line));
  };
  return {
    log: createLog(writeMasked, env.LOG_LEVEL),
    identity: readIdentity(env),
    env,
    signal,
    progress: (fraction, text) => {
      writeMasked(progressLine(fraction, text));
    },
    secret: (name) => secrets.get(name),
    hide: (value) => {
      secrets.hide(value);
    },
  };
}

function readIdentity(env: AgentContext['env']): RunIdentity {
  return {
    runId: env.RUN_ID,
    nodeId: env.NODE_ID,
    attempt: Number(env.ATTEMPT ?? 1),
    idempotencyKey: env.IDEMPOTENCY_KEY,
  };
}
