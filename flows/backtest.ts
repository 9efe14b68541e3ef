import { decide, type DeclineReason } from './alert-decision.ts';
import { alertIdentity, parseAlerts, type Alert } from './alerts.ts';
import { groupKey, groupRefusal } from './correlation.ts';
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
  /** Alerts that would have waited in a group for others of their kind. */
  readonly grouped: number;
  /** Alerts that the workflow asked for and would not have started, by reason. */
  readonly declined: Readonly<Partial<Record<DeclineReason | 'below_threshold', number>>>;
  readonly starts: readonly BacktestStart[];
}

export interface BacktestStart {
  readonly at: string;
  /** The webhook that brought the alert, or the first of its group. */
  readonly webhookId: string;
  readonly fingerprint: string;
  readonly status: string;
  /** Of the alert; of a group those that it is grouped by. */
  readonly labels: Readonly<Record<string, string>>;
  /** 1, or how many the group had. */
  readonly alerts: number;
  readonly overlaps: boolean;
}

const MOST_STARTS_SHOWN = 200;

/**
 * What a definition's alert triggers would have done with these webhooks, in the order in which they came. Pure: the clock is
 * the webhooks' own, so that the same rule and webhooks always give the same answer. Budgets and pauses are left out.
 */
export function backtest(
  definition: WorkflowDefinition,
  webhooks: readonly KeptWebhook[],
  settings: BacktestSettings,
): BacktestResult {
  const replay = new Replay(definition, settings);
  for (const webhook of webhooks) replay.receive(webhook);
  return { webhooks: webhooks.length, ...replay.result() };
}

interface OpenGroup {
  readonly first: Alert;
  readonly webhookId: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly closesAt: number;
  readonly threshold: number | undefined;
  size: number;
}

/** Where a replay stands: what the database remembers of a real one. */
class Replay {
  readonly #definition: WorkflowDefinition;
  readonly #runMs: number;
  readonly #seen = new Set<string>();
  readonly #lastStart = new Map<string, Date>();
  readonly #groups = new Map<string, OpenGroup>();
  readonly #declined: Partial<Record<DeclineReason | 'below_threshold', number>> = {};
  readonly #starts: BacktestStart[] = [];
  #alerts = 0;
  #grouped = 0;
  #busyUntil = -Infinity;

  constructor(definition: WorkflowDefinition, { runSeconds }: BacktestSettings) {
    this.#definition = definition;
    this.#runMs = runSeconds * 1_000;
  }

  receive({ id, source, body, receivedAt }: KeptWebhook): void {
    this.#closeGroups(receivedAt.getTime());
    const asked = this.#definition.triggers.flatMap((trigger, place) =>
      trigger.type === source ? [{ trigger: trigger, place }] : [],
    );
    for (const alert of readAlerts(body, receivedAt)) {
      this.#alerts += 1;
      this.#judge(alert, asked, id, receivedAt);
    }
  }

  result(): Omit<BacktestResult, 'webhooks'> {
    this.#closeGroups(Infinity);
    return {
      alerts: this.#alerts,
      wouldStart: this.#starts.length,
      overlapping: this.#starts.filter(({ overlaps }) => overlaps).length,
      grouped: this.#grouped,
      declined: this.#declined,
      starts: this.#starts.slice(0, MOST_STARTS_SHOWN),
    };
  }

  #judge(alert: Alert, asked: readonly { trigger: AlertTrigger; place: number }[], webhookId: string, now: Date): void {
    const { maintenance } = this.#definition;
    const lastStartAt = this.#lastStart.get(alert.fingerprint) ?? null;
    const decisions = asked.map(({ trigger, place }) => {
      const seen = this.#seen.has(alertIdentity('', alert)) || this.#seen.has(memberOf(place, alert));
      return { trigger, place, decision: decide(alert, trigger, { now, seen, lastStartAt, maintenance }) };
    });
    const starting = decisions.find(({ decision }) => decision.start);
    if (starting) {
      const { trigger, place } = starting;
      if (trigger.groupBy === undefined) this.#start(alert, webhookId, now);
      else this.#join(alert, trigger, place, webhookId, now);
      return;
    }
    for (const { decision } of decisions) {
      if (decision.start || !decision.asked) continue;
      this.#decline(decision.reason, 1);
      return;
    }
  }

  #start(alert: Alert, webhookId: string, now: Date): void {
    const { fingerprint, labels } = alert;
    this.#seen.add(alertIdentity('', alert));
    this.#lastStart.set(fingerprint, now);
    this.#run(now.getTime(), { webhookId, fingerprint, status: alert.status, labels, alerts: 1 });
  }

  #join(alert: Alert, trigger: AlertTrigger, place: number, webhookId: string, now: Date): void {
    this.#grouped += 1;
    this.#seen.add(memberOf(place, alert));
    const { key, labels } = groupKey(trigger.groupBy ?? [], alert.labels);
    const name = `${place}/${key}`;
    const open = this.#groups.get(name);
    if (open) {
      open.size += 1;
      return;
    }
    const closesAt = now.getTime() + (trigger.groupWindowSeconds ?? 0) * 1_000;
    this.#groups.set(name, { first: alert, webhookId, labels, closesAt, threshold: trigger.groupThreshold, size: 1 });
  }

  /** Starts the runs of the groups whose window is over by then, in the order in which they close. */
  #closeGroups(now: number): void {
    const due = [...this.#groups].filter(([, { closesAt }]) => closesAt < now);
    due.sort(([, a], [, b]) => a.closesAt - b.closesAt);
    for (const [name, { first, webhookId, labels, closesAt, threshold, size }] of due) {
      this.#groups.delete(name);
      const { fingerprint, status } = first;
      if (groupRefusal(size, threshold) !== null) this.#decline('below_threshold', size);
      else this.#run(closesAt, { webhookId, fingerprint, status, labels, alerts: size });
    }
  }

  #run(at: number, start: Omit<BacktestStart, 'at' | 'overlaps'>): void {
    this.#starts.push({ at: new Date(at).toISOString(), ...start, overlaps: at < this.#busyUntil });
    this.#busyUntil = Math.max(this.#busyUntil, at + this.#runMs);
  }

  #decline(reason: DeclineReason | 'below_threshold', alerts: number): void {
    this.#declined[reason] = (this.#declined[reason] ?? 0) + alerts;
  }
}

/** An alert is in a trigger's groups once, whatever its status. */
function memberOf(place: number, { fingerprint, startsAt }: Alert): string {
  return `${place}/${fingerprint}/${startsAt}`;
}

/** What could not be read when it came can't be read now. */
function readAlerts(body: string, receivedAt: Date): readonly Alert[] {
  try {
    return parseAlerts(JSON.parse(body), receivedAt).alerts;
  } catch {
    return [];
  }
}
