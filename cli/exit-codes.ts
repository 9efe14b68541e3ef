import type { Problem } from '../contracts/errors.ts';

/** What a script learns from us (docs/CLI.md). */
export const EXIT = {
  ok: 0,
  /** A run did not end in SUCCESS, or a check (doctor, agents test) found something. */
  failed: 1,
  /** Wrong usage, or input that the service refused. */
  usage: 2,
  unreachable: 3,
  /** No valid token, or one without the scope. */
  refused: 4,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Ends a command: the message goes to stderr, the code to the shell. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: ExitCode;
  readonly problems: readonly Problem[];
  /** The HTTP status, where the service answered. */
  readonly status: number | undefined;

  constructor(
    exitCode: ExitCode,
    message: string,
    {
      problems = [],
      status,
      cause,
    }: { problems?: readonly Problem[]; status?: number | undefined; cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.exitCode = exitCode;
    this.problems = problems;
    this.status = status;
  }
}

export function usageError(message: string, problems: readonly Problem[] = []): CliError {
  return new CliError(EXIT.usage, message, { problems });
}
