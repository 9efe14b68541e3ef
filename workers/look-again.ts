import type { ClaimAnswer } from '../sql/queries/engine.ts';
import { DONE, park, type JobOutcome } from './outcome.ts';

/** A parked job looks again within this, whatever it waits for. */
const SOON_MS = 2000;
/** What ends by somebody's act (an approval, a signal, a sub-workflow, a free place) is told to the job; this is for a lost word. */
export const LATER_MS = 30_000;
const PAUSED_MS = 5000;

type Refusal = Extract<ClaimAnswer, { reason: string }>;

/**
 * A node could not be claimed: what its job does now. A job is dropped only where Postgres says that it is of no use.
 * @param now by the database's clock, as `until` is
 */
export function lookAgain({ reason, until }: Refusal, now: number): JobOutcome {
  switch (reason) {
    case 'gone':
    case 'stale':
    case 'settled':
      return DONE;
    case 'paused':
      return park(PAUSED_MS);
    case 'held':
      return park(SOON_MS);
    case 'blocked':
      return park(SOON_MS);
    case 'waiting':
    case 'limit':
      return park(until === null ? LATER_MS : Math.min(Math.max(Date.parse(until) - now, 0) + 5, LATER_MS));
  }
}
