/** Why no answer came. The message never holds host, path or address, any of which may be secret. */
export class RequestFailed extends Error {
  override readonly name = 'RequestFailed';
  /** False when asking again cannot help: the address is refused. */
  readonly retryable: boolean;

  constructor(message: string, { retryable, cause }: { retryable: boolean; cause?: unknown }) {
    super(message, { cause });
    this.retryable = retryable;
  }
}
