/** Something wrong in an expression; `at` is the offset in its source. Becomes an AppError at the surface. */
export class CelFault extends Error {
  readonly at: number | undefined;
  /** a limit was reached: no `||` or `exists` may swallow it */
  readonly final: boolean;

  constructor(message: string, at?: number, options: { final?: boolean; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.at = at;
    this.final = options.final ?? false;
  }
}
