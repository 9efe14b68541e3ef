import { AppError } from '../../contracts/errors.ts';
import { answersWithin } from '../../platform/deadline.ts';

/** A server that says nothing for this long is away; the answer to a caller is due within 2 s. */
export const PROBE_MS = 1_000;

/** Null when the part answers, else a sentence without host names. */
export type Probe = () => Promise<string | null>;

/**
 * Makes a probe of a question to a server. Callers who ask at the same time share one question, so that a server that
 * hangs does not collect them.
 */
export function probe(who: string, ask: () => Promise<unknown>): Probe {
  let asking: Promise<string | null> | undefined;
  return () => {
    asking ??= answersWithin(PROBE_MS, who, ask)
      .then(() => null)
      .catch((error: unknown) => reasonOf(error, who))
      .finally(() => {
        asking = undefined;
      });
    return asking;
  };
}

/** The sentence that says most: what the question itself found, else that nobody answered. */
function reasonOf(error: unknown, who: string): string {
  const cause = error instanceof AppError && error.cause instanceof AppError ? error.cause : error;
  return cause instanceof AppError ? cause.message : `${who} is not reachable`;
}
