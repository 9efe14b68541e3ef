import type { WorkflowDefinition } from './definition.ts';
import { shortKey } from './short-key.ts';

export type Budget = NonNullable<WorkflowDefinition['budget']>;

/** Starts within an hour from which on an alert counts as flapping. */
export const FLAPPING = { starts: 5, windowSeconds: 3600 } as const;

/** What a start by a trigger is about, as a budget counts it. */
export interface BudgetSubject {
  /** Of the alert, or what the alerts of a group have in common; absent where there are no labels. */
  readonly labels?: Readonly<Record<string, string>>;
  /** What is counted where the budget names no labels: the alert, the group, else the workflow as a whole. */
  readonly name: string;
  /** How often the alert began of late. */
  readonly began?: number;
}

/** Of starts that are about no alert: by a schedule, a message, a webhook, the end of another run. */
export const WHOLE_WORKFLOW: BudgetSubject = { name: 'the workflow' };

/** What a budget counts runs by: the labels that it names, else the subject's own name. */
export function targetOf({ per }: Budget, { labels, name }: BudgetSubject): string {
  if (labels === undefined || per === undefined || per.length === 0) return name;
  return shortKey(
    per.map((label) => `${label}=${Object.hasOwn(labels, label) ? (labels[label] ?? '') : ''}`).join(','),
  );
}

/** What became of a start that is held, for its decision. */
export function heldMessage(hold: string): string {
  return `Waits for an approval. ${hold}`;
}

/**
 * Why a run must wait for a person, in words for that person; null where it need not.
 * @param used starts for the target within the window, this one included
 */
export function budgetHold(budget: Budget, subject: BudgetSubject, used: number): string | null {
  const { runs, windowSeconds } = budget;
  if (used > runs)
    return `Over budget: run ${used} for ${targetOf(budget, subject)} within ${windowSeconds} s, where ${runs} are allowed`;
  const { began = 0 } = subject;
  return began >= FLAPPING.starts
    ? `The alert is flapping: it began ${began} times within ${FLAPPING.windowSeconds} s`
    : null;
}
