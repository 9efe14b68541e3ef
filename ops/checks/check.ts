/** One thing that `npm run ops:check` looks at. */
export interface Check {
  readonly name: string;
  /** Programs beside Node that it needs; where one is missing the check is skipped, and said so. */
  readonly needs?: readonly string[];
  /** @returns what is wrong, a line each; nothing when all is well */
  run(root: string): Promise<readonly string[]>;
}

/** Turns a thrown error into a line: a check that breaks is a check that fails. */
export function problemOf(error: unknown): string {
  const {
    message = String(error),
    stderr = '',
    stdout = '',
  } = error as {
    message?: string;
    stderr?: string;
    stdout?: string;
  };
  return [message, stderr, stdout].filter((text) => text.trim() !== '').join('\n');
}
