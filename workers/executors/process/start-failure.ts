import { accessSync, constants } from 'node:fs';
import type { Verdict } from '../verdict.ts';
import type { AgentReference } from '../executor.ts';
import { isModule } from './command.ts';

/** The machine is at its limits, not the agent. */
const EXHAUSTED = new Set(['EAGAIN', 'ENOMEM', 'EMFILE', 'ENFILE', 'ENOSPC']);

/** @throws the system's error when the agent's file is missing or may not be read or executed */
export function assertStartable({ entry }: AgentReference): void {
  accessSync(entry, isModule(entry) ? constants.R_OK : constants.X_OK);
}

/** Why an agent could not be started, and what to do. */
export function startFailure({ name, entry }: AgentReference, error: unknown): Verdict {
  const { code = 'UNKNOWN', message } = error as NodeJS.ErrnoException;
  if (EXHAUSTED.has(code)) {
    return {
      ok: false,
      code: 'EXECUTOR_UNAVAILABLE',
      retryable: true,
      message: `No process can be started on this worker (${code}): it is out of processes, memory or files`,
    };
  }
  return {
    ok: false,
    code: 'AGENT_FAILED',
    retryable: false,
    message: `The agent ${name} cannot be started: ${explain(code, entry, message)}`,
  };
}

function explain(code: string, entry: string, message: string): string {
  if (entry === '') return 'it has an image and no program here; workers with AGENT_EXECUTOR=dagger run images';
  if (code === 'ENOENT')
    return `${code}, ${entry} or the interpreter that it names does not exist; register the agent again`;
  if (code === 'EACCES') return `${code}, ${entry} may not be executed; make it executable (chmod +x)`;
  return message;
}
