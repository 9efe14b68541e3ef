import { pino } from 'pino';
import { createMasker, type Masker } from './masker.ts';
import type { LogLevel } from './environment.ts';

export type Logger = pino.Logger;

export interface LoggerOptions {
  level: LogLevel;
  /** Where the lines go; standard output without it. */
  stream?: { write(line: string): void };
  /** The trace that a line belongs to, asked for each. */
  traceId?: () => string | undefined;
  /** Values that no line may show, in whatever form; or who knows them. */
  secrets?: readonly string[] | Pick<Masker, 'mask'>;
}

const ERROR_LEVEL = 50;
const SECRET_KEYS = ['password', 'token', 'secret', 'secrets', 'authorization', 'cookie', 'apiKey', 'authTokens'];
const SHORT_KEYS: Readonly<Record<string, string>> = {
  runId: 'run',
  nodeId: 'node',
  workerId: 'worker',
  traceId: 'trace',
};

/** DEL, the C1 block, and characters that break or reorder a line: JSON leaves them as they are, terminals obey them. */
const UNSAFE_CHARACTERS = /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;
const PASSWORD_IN_URL = /(:\/\/[^\s:/@"\\]*:)[^\s/@"\\]+@/g;

/**
 * A logger of JSON lines: `level` as a word, `time` in ISO 8601, and where it was written: `component` (the part that
 * speaks, in PascalCase: `Api`, `Worker`, `ProcessExecutor`, `Outbox`), `runId`, `nodeId`, `attempt`, `workerId`,
 * `traceId`, which appear as `run`, `node`, `attempt`, `worker`, `trace`. Known secrets and control characters never
 * reach the stream.
 */
export function createLogger({ level, stream, traceId, secrets = [] }: LoggerOptions): Logger {
  const masker = 'mask' in secrets ? secrets : createMasker(secrets);
  const options: pino.LoggerOptions = {
    level,
    base: null,
    ...(traceId && { mixin: () => asTrace(traceId()) }),
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '***' },
    formatters: { level: (label) => ({ level: label }), log: withShortKeys },
    hooks: {
      streamWrite: (line) => escapeUnsafe(masker.mask(line.replaceAll(PASSWORD_IN_URL, '$1***@'))),
      logMethod(args, method, lineLevel) {
        method.apply(this, lineLevel < ERROR_LEVEL ? withoutErrorKey(args) : args);
      },
    },
  };
  return withShortBindings(stream ? pino(options, stream) : pino(options));
}

function asTrace(trace: string | undefined): object {
  return trace === undefined ? {} : { trace };
}

/** pino formats the values of a line, but not the bindings of a child; children inherit this `child` in turn. */
function withShortBindings(logger: Logger): Logger {
  const child: (this: Logger, bindings: pino.Bindings, options?: pino.ChildLoggerOptions) => Logger = logger.child;
  return Object.assign(logger, {
    child(this: Logger, bindings: pino.Bindings, options?: pino.ChildLoggerOptions): Logger {
      return child.call(this, withShortKeys(bindings), options);
    },
  });
}

function withShortKeys(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [SHORT_KEYS[key] ?? key, value]));
}

/** Operators grep for `"error"`: a line below that level says `cause` instead. */
function withoutErrorKey<T extends unknown[]>(args: T): T {
  const [first, ...rest] = args;
  if (typeof first !== 'object' || first === null || first instanceof Error || !('error' in first)) return args;
  const { error, ...others } = first;
  return [{ ...others, cause: error }, ...rest] as T;
}

function escapeUnsafe(line: string): string {
  return line.replaceAll(
    UNSAFE_CHARACTERS,
    (char) => String.raw`\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
