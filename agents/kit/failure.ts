/** Throw this when another attempt cannot help: the agent exits with 2 and the engine does not retry. */
export class Unretryable extends Error {
  override readonly name = 'Unretryable';
}

/** A failure that has something to show: `output` is printed on stdout (it must fit the schema), the exit is 1 or 2. */
export class Failed extends Error {
  override readonly name = 'Failed';
  readonly output: unknown;
  readonly retryable: boolean;

  constructor(message: string, output: unknown, { retryable }: { retryable: boolean }) {
    super(message);
    this.output = output;
    this.retryable = retryable;
  }
}

/** The input cannot be used. Exit 1 by contract, though the same input will not do better next time. */
export class InvalidInput extends Error {
  override readonly name = 'InvalidInput';
}

export interface Failure {
  readonly exitCode: 1 | 2;
  readonly error: string;
  readonly retryable: boolean;
}

/** Turns whatever was thrown into the exit code and the last line of stderr. */
export function toFailure(thrown: unknown): Failure {
  const error = thrown instanceof Error ? thrown.message : String(thrown);
  if (thrown instanceof InvalidInput) return { exitCode: 1, error, retryable: false };
  const retryable = !(thrown instanceof Unretryable) && !(thrown instanceof Failed && !thrown.retryable);
  return { exitCode: retryable ? 1 : 2, error, retryable };
}
