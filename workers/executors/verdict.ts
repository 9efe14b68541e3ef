import { constants } from 'node:os';
import { ERROR_CATALOGUE, type ErrorCode } from '../../contracts/errors.ts';
import type { Json } from '../../contracts/json.ts';
import { head, parseOutput } from './output.ts';

/** Why the executor itself ended an agent. */
export type StopReason = 'cancelled' | 'timeout' | 'output-too-large' | 'out-of-memory' | 'stopping';

/** How an agent ended, as its executor saw it. All text is masked. */
export interface Ending {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stoppedFor?: StopReason | undefined;
  /** The system killed a process of it for its memory. */
  readonly outOfMemory?: boolean;
  readonly stdout: string;
  /** Its last lines, without a newline at the end. */
  readonly stderrTail: string;
}

export interface Limits {
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly maxOutputBytes: number;
}

export type Verdict =
  | { readonly ok: true; readonly output: Json }
  | { readonly ok: false; readonly code: ErrorCode; readonly message: string; readonly retryable: boolean };

/** Exit code of an agent that must not be retried. */
const REFUSED = 2;
/** Programs that die of a signal inside a shell or a container exit with 128 + its number. */
const SIGNAL_EXIT_CODES = { first: 129, last: 191 };
const V8_OUT_OF_MEMORY = /JavaScript heap out of memory|FATAL ERROR: .*(heap limit|Allocation failed)/;

/** Turns the end of an agent into its result or the one reason why there is none. */
export function judge(ending: Ending, limits: Limits): Verdict {
  if (ending.stoppedFor) return stopped(ending.stoppedFor, ending, limits);
  if (ranOutOfMemory(ending)) return stopped('out-of-memory', ending, limits);
  if (ending.signal !== null)
    return failure('AGENT_KILLED', `The agent was killed by ${ending.signal}${lastWords(ending)}`);
  if (ending.exitCode !== 0) return exited(ending, ending.exitCode ?? 1);
  const parsed = parseOutput(ending.stdout);
  return parsed.ok ? parsed : failure(parsed.code, `The agent exited with 0 but ${parsed.problem}`);
}

function stopped(reason: StopReason, ending: Ending, limits: Limits): Verdict {
  const words = lastWords(ending);
  switch (reason) {
    case 'cancelled':
      return failure('CANCELLED', 'The agent was stopped because its run or node was cancelled');
    case 'stopping':
      return failure('WORKER_LOST', 'The worker stopped before the agent was done');
    case 'timeout':
      return failure('TIMEOUT', `The agent was stopped at its time limit of ${limits.timeoutMs / 1000} s${words}`);
    case 'output-too-large':
      return failure(
        'AGENT_OUTPUT_TOO_LARGE',
        `The agent printed more than the ${limits.maxOutputBytes} bytes allowed on stdout (AGENT_MAX_OUTPUT_BYTES); it began with: ${head(ending.stdout)}`,
      );
    case 'out-of-memory':
      return failure(
        'AGENT_OUT_OF_MEMORY',
        `The agent needed more than its memory limit of ${limits.memoryMb} MB (AGENT_MAX_MEMORY_MB)`,
      );
  }
}

function ranOutOfMemory(ending: Ending): boolean {
  if (ending.exitCode === 0) return false;
  return ending.outOfMemory === true || V8_OUT_OF_MEMORY.test(ending.stderrTail);
}

function exited(ending: Ending, exitCode: number): Verdict {
  const said = readError(ending.stderrTail);
  const refused = exitCode === REFUSED || said?.retryable === false;
  const message = said?.error ?? `The agent exited with code ${exitCode}${signalHint(exitCode)}${lastWords(ending)}`;
  return failure(refused ? 'AGENT_REFUSED' : 'AGENT_FAILED', message);
}

/** The last line of stderr where it is `{"error": "…", "retryable": …}`, as agents end it. */
function readError(stderrTail: string): { error: string; retryable: boolean | undefined } | undefined {
  try {
    const line = JSON.parse(stderrTail.slice(stderrTail.lastIndexOf('\n') + 1)) as {
      error?: unknown;
      retryable?: unknown;
    } | null;
    if (typeof line?.error !== 'string') return undefined;
    return { error: line.error, retryable: typeof line.retryable === 'boolean' ? line.retryable : undefined };
  } catch {
    return undefined;
  }
}

function lastWords({ stderrTail, stdout }: Ending): string {
  if (stderrTail !== '') return `; its last words on stderr: ${stderrTail.slice(-1_000)}`;
  return stdout.trim() === '' ? ' and printed nothing' : `, wrote nothing on stderr, and printed: ${head(stdout)}`;
}

function signalHint(exitCode: number): string {
  if (exitCode < SIGNAL_EXIT_CODES.first || exitCode > SIGNAL_EXIT_CODES.last) return '';
  const name = Object.entries(constants.signals).find(([, number]) => number === exitCode - 128)?.[0];
  return name === undefined ? '' : ` (a program in it was killed by ${name})`;
}

function failure(code: ErrorCode, message: string): Verdict {
  return { ok: false, code, message, retryable: ERROR_CATALOGUE[code].retryable };
}
