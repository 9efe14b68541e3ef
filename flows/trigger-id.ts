import type { Trigger } from './definition.ts';

/** A trigger of a workflow under the name by which its decisions are kept. */
export interface NamedTrigger<T extends Trigger = Trigger> {
  readonly id: string;
  readonly trigger: T;
}

/**
 * Names a workflow's triggers `<workflowId>.<type>.<n>`, n counting those of the type from 0. Changing a trigger keeps
 * its name and its history; reordering triggers of one type exchanges them.
 */
export function nameTriggers(workflowId: string, triggers: readonly Trigger[]): NamedTrigger[] {
  const counts = new Map<string, number>();
  return triggers.map((trigger) => {
    const n = counts.get(trigger.type) ?? 0;
    counts.set(trigger.type, n + 1);
    return { id: `${workflowId}.${trigger.type}.${n}`, trigger };
  });
}

/** The name of what a workflow's `onFailure` does. */
export function onFailureId(workflowId: string): string {
  return `${workflowId}.onFailure.0`;
}

/** The name under which the built-in workflow gets the alerts that nobody asks for. */
export function unclaimedId(workflowId: string): string {
  return `${workflowId}.unclaimed.0`;
}
