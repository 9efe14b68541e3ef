import type { WorkflowDefinition } from './definition.ts';

export type Budget = NonNullable<WorkflowDefinition['budget']>;

/** Starts within an hour from which on an alert counts as flapping. */
export const FLAPPING = { starts: 5, windowSeconds: 3600 } as const;

/** What a budget counts runs by: the labels that it names, else the alert; the workflow as a whole where there is none. */
export function targetOf(
  { per }: Budget,
  { labels, fingerprint }: { readonly labels: Readonly<Record<string, string>>; readonly fingerprint: string },
): string {
  if (per === undefined || per.length === 0) return fingerprint;
  return per.map((label) => `${label}=${Object.hasOwn(labels, label) ? (labels[label] ?? '') : ''}`).join(',');
}

/** Why a run must wait for a person, in words for that person; null where it need not. */
export function budgetHold(
  budget: Budget,
  { used, starts, target }: { readonly used: number; readonly starts: number; readonly target: string },
): string | null {
  if (used > budget.runs)
    return `Over budget: run ${used} for ${target} within ${budget.windowSeconds} s, where ${budget.runs} are allowed`;
  if (starts >= FLAPPING.starts)
    return `The alert is flapping: it began ${starts} times within ${FLAPPING.windowSeconds} s`;
  return null;
}
