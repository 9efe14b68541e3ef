import type { Json, JsonObject } from '../contracts/json.ts';
import { shortKey } from './short-key.ts';

/** What alerts of one group have in common: the labels that the trigger groups by, a missing one as empty. */
export function groupKey(
  groupBy: readonly string[],
  labels: Readonly<Record<string, string>>,
): { key: string; labels: Record<string, string> } {
  const shared = Object.fromEntries(
    [...groupBy].sort().map((name) => [name, Object.hasOwn(labels, name) ? (labels[name] ?? '') : '']),
  );
  const key = Object.entries(shared)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(',');
  return { key: shortKey(key), labels: shared };
}

/** The labels that all of these alerts have with the same value. */
export function commonLabels(alerts: readonly Json[]): Record<string, string> {
  const [first = {}, ...others] = alerts.map((alert) => (alert as { labels: Record<string, string> }).labels);
  return Object.fromEntries(
    Object.entries(first).filter(([name, value]) => others.every((labels) => labels[name] === value)),
  );
}

/** Why a group whose window is over starts nothing; null where it starts a run. */
export function groupRefusal(size: number, threshold = 1): string | null {
  return size >= threshold ? null : `${size} of the ${threshold} alerts that it takes came within the window`;
}

/** The input of a group's run: `input.alerts` has them all, `input.alert` is the first, `input.group` what they share. */
export function groupInput(alerts: readonly Json[], labels: JsonObject, envelope: Json): JsonObject {
  return {
    alert: alerts[0] ?? null,
    alerts: [...alerts],
    group: { ...(envelope as JsonObject), correlatedBy: labels },
  };
}
