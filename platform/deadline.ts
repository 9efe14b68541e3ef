import { AppError, type ErrorCode } from '../contracts/errors.ts';

const LATE = Symbol('late');

/**
 * Waits for work no longer than `ms`. The work itself is not stopped; its late failure is swallowed.
 * @returns what the work gave, or `undefined` (with `late` true) when it took longer
 * @throws what the work threw in time
 */
export async function within<T>(ms: number, work: Promise<T>): Promise<{ late: false; value: T } | { late: true }> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<typeof LATE>((resolve) => {
    timer = setTimeout(() => {
      resolve(LATE);
    }, ms);
  });
  work.catch(() => undefined);
  try {
    const value = await Promise.race([work, timeout]);
    return value === LATE ? { late: true } : { late: false, value };
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Asks a server whether it answers.
 * @throws AppError with `code` when it refuses, or says nothing for `ms` (a stopped server keeps its connections)
 */
export async function answersWithin(
  ms: number,
  who: string,
  ask: () => Promise<unknown>,
  code: ErrorCode = 'UNAVAILABLE',
): Promise<void> {
  const answer = await within(ms, ask()).catch((error: unknown) => {
    throw new AppError(code, `${who} is not reachable`, { cause: error });
  });
  if (answer.late) throw new AppError(code, `${who} did not answer within ${String(ms)} ms`);
}
