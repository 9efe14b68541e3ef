import type { Alert } from './alerts.ts';
import type { WorkflowDefinition } from './definition.ts';
import { matchesAll, parseMatchers, type Matcher } from './matchers.ts';
import { dueTimes } from './schedule.ts';
import type { AlertTrigger } from './trigger-schema.ts';

export type DeclineReason = 'disabled' | 'no_match' | 'status' | 'duplicate' | 'maintenance' | 'cooldown';

export type AlertDecision =
  | { readonly start: true }
  | {
      readonly start: false;
      readonly reason: DeclineReason;
      readonly message: string;
      /** The trigger's matchers ask for this alert: it is somebody's, so the built-in notification leaves it alone. */
      readonly asked: boolean;
      /** when the same alert would be started again, where that is known */
      readonly until?: Date;
    };

/** What is known about an alert and a workflow when they meet. */
export interface AlertState {
  readonly now: Date;
  /** a run of this workflow for the same identity exists */
  readonly seen: boolean;
  /** the last start of this workflow for the same fingerprint */
  readonly lastStartAt?: Date | null;
  readonly maintenance?: WorkflowDefinition['maintenance'];
}

/** Whether this alert starts a run. Pure: the same alert, trigger and state give the same answer in a back-test. */
export function decide(alert: Alert, trigger: AlertTrigger, state: AlertState): AlertDecision {
  if (!trigger.enabled) return decline('disabled', 'The trigger is switched off', false);
  if (!matchesAll(matchersOf(trigger.matchers), alert)) return decline('no_match', 'The labels do not match', false);
  if (!trigger.on.includes(alert.status))
    return decline('status', `The trigger asks for ${trigger.on.join(' and ')} alerts, this is ${alert.status}`);
  if (state.seen) return decline('duplicate', 'This alert started a run of this workflow before');
  const maintenanceEnd = alert.status === 'firing' ? openMaintenance(alert, state) : null;
  if (maintenanceEnd !== null)
    return decline(
      'maintenance',
      `A maintenance window is open until ${maintenanceEnd.toISOString()}`,
      true,
      maintenanceEnd,
    );
  const cooldownEnd = endOfCooldown(trigger, state);
  if (cooldownEnd !== null)
    return decline('cooldown', `In cooldown until ${cooldownEnd.toISOString()}`, true, cooldownEnd);
  return { start: true };
}

function decline(reason: DeclineReason, message: string, asked = true, until?: Date): AlertDecision {
  return { start: false, reason, message, asked, ...(until && { until }) };
}

/** By the list in the definition, which is frozen: parsed once for each version of a workflow. */
const parsed = new WeakMap<readonly string[], Matcher[]>();

function matchersOf(list: readonly string[]): Matcher[] {
  const matchers = parsed.get(list) ?? list.flatMap(parseMatchers);
  parsed.set(list, matchers);
  return matchers;
}

function endOfCooldown({ cooldownSeconds }: AlertTrigger, { lastStartAt, now }: AlertState): Date | null {
  if (lastStartAt === null || lastStartAt === undefined) return null;
  const end = new Date(lastStartAt.getTime() + cooldownSeconds * 1_000);
  return end > now ? end : null;
}

/** When the last of the maintenance windows that hold this alert closes, null where none is open. */
function openMaintenance(alert: Alert, { maintenance = [], now }: AlertState): Date | null {
  const ends = maintenance
    .filter(({ matchers }) => matchesAll(matchersOf(matchers), alert))
    .map((window) => ('cron' in window ? endOfRecurring(window, now) : endOfOnce(window, now)))
    .filter((end) => end !== null);
  return ends.length === 0 ? null : new Date(Math.max(...ends.map((end) => end.getTime())));
}

function endOfOnce({ from, until }: { from: string; until: string }, now: Date): Date | null {
  const end = new Date(until);
  return new Date(from) <= now && now < end ? end : null;
}

function endOfRecurring(window: { cron: string; timezone: string; durationSeconds: number }, now: Date): Date | null {
  const duration = window.durationSeconds * 1_000;
  const opened = dueTimes(window.cron, window.timezone, new Date(now.getTime() - duration), now).at(-1);
  return opened === undefined ? null : new Date(opened.getTime() + duration);
}
