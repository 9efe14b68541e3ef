import { heldMessage } from '../../flows/budget.ts';
import { isRefusal } from '../../flows/refusal.ts';
import type { Submitted, Submitter, SubmitRequest } from '../../flows/submit.ts';
import type { NewDecision } from '../../sql/queries/triggers.ts';

export type StartOutcome =
  | ({ readonly started: true } & Submitted)
  | {
      readonly started: false;
      /** The workflow's own refusal: it would refuse the next time too. */
      readonly message: string;
    };

/**
 * Starts a run for a trigger.
 * @param request made inside, so that a mapping that does not fit is a refusal as well
 * @throws AppError with status 503 when it cannot be stored: to be tried again
 */
export async function startRun(submitter: Submitter, request: () => SubmitRequest): Promise<StartOutcome> {
  try {
    return { started: true, ...(await submitter.submit(request())) };
  } catch (error) {
    if (isRefusal(error)) return { started: false, message: error.message };
    throw error;
  }
}

/** What a decision says of it. */
export function whatBecame(outcome: StartOutcome): Pick<NewDecision, 'outcome' | 'message' | 'runId'> {
  if (!outcome.started) return { outcome: 'declined', message: outcome.message };
  const { runId, hold } = outcome;
  return { outcome: 'started', runId, ...(hold !== undefined && { message: heldMessage(hold) }) };
}
