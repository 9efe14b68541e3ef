import { decide, type DeclineReason } from './alert-decision.ts';
import { alertIdentity, parseAlerts, type Alert } from './alerts.ts';
import type { AlertTrigger, WorkflowDefinition } from './definition.ts';

/** A webhook as it was kept. */
export interface KeptWebhook {
  readonly id: string;
  readonly source: 'alertmanager' | 'grafana';
  readonly body: string;
  readonly receivedAt: Date;
}

export interface BacktestSettings {
  /** How long a run is taken to last: what overlaps is counted by it. */
  readonly runSeconds: number;
}

export interface BacktestResult {
  readonly webhooks: number;
  readonly alerts: number;
  readonly wouldStart: number;
  /** Of these, how many would have begun while the one before still ran. */
  readonly overlapping: number;
  /** Alerts that the workflow asked for and would not have started, by reason. */
  readonly declined: Readonly<Partial<Record<DeclineReason, number>>>;
  readonly starts: readonly BacktestStart[];
}

export interface BacktestStart {
  readonly at: string;
  readonly webhookId: string;
  readonly fingerprint: string;
  readonly status: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly overlaps: boolean;
}

const MOST_STARTS_SHOWN = 200;

/**
 * What a definition's alert triggers would have done with these webhooks, in the order in which they came. Pure: the clock is
 * the webhooks' own, so that the same rule and webhooks always give the same answer. Groups, budgets and pauses are left out.
 */
export function backtest(
  { triggers, maintenance }: WorkflowDefinition,
  webhooks: readonly KeptWebhook[],
  { runSeconds }: BacktestSettings,
): BacktestResult {
  const seen = new Set<string>();
  const lastStart = new Map<string, Date>();
  const starts: BacktestStart[] = [];
  const declined: Partial<Record<DeclineReason, number>> = {};
  let [alerts, busyUntil] = [0, -Infinity];

  for (const { id, source, body, receivedAt } of webhooks) {
    const asked = triggers.filter((trigger): trigger is AlertTrigger => trigger.type === source);
    for (const alert of readAlerts(body, receivedAt)) {
      alerts += 1;
      const identity = alertIdentity('', alert);
      const lastStartAt = lastStart.get(alert.fingerprint) ?? null;
      const state = { now: receivedAt, seen: seen.has(identity), lastStartAt, maintenance };
      const decisions = asked.map((trigger) => decide(alert, trigger, state));
      if (decisions.some(({ start }) => start)) {
        const at = receivedAt.getTime();
        const { fingerprint, status, labels } = alert;
        const overlaps = at < busyUntil;
        starts.push({ at: receivedAt.toISOString(), webhookId: id, fingerprint, status, labels, overlaps });
        seen.add(identity);
        lastStart.set(fingerprint, receivedAt);
        busyUntil = Math.max(busyUntil, at + runSeconds * 1_000);
        continue;
      }
      for (const decision of decisions) {
        if (decision.start || !decision.asked) continue;
        declined[decision.reason] = (declined[decision.reason] ?? 0) + 1;
        break;
      }
    }
  }
  return {
    webhooks: webhooks.length,
    alerts,
    wouldStart: starts.length,
    overlapping: starts.filter(({ overlaps }) => overlaps).length,
    declined,
    starts: starts.slice(0, MOST_STARTS_SHOWN),
  };
}

/** What could not be read when it came can't be read now. */
function readAlerts(body: string, receivedAt: Date): readonly Alert[] {
  try {
    return parseAlerts(JSON.parse(body), receivedAt).alerts;
  } catch {
    return [];
  }
}
