/**
 * What becomes of a job after its processor: carried by the type, never read from a message.
 * - `done`: nothing left to do for this job; its parent may go on.
 * - `failed`: the node FAILED (its settle is committed); the job ends as failed so that the dashboard shows it.
 * - `park`: look again after so many milliseconds; being promoted only makes it sooner.
 */
export type JobOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'park'; readonly ms: number };

export const DONE: JobOutcome = { kind: 'done' };

export function park(ms: number): JobOutcome {
  return { kind: 'park', ms };
}
