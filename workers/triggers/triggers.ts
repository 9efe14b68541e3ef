import type { LinkSettings } from '../../flows/approval-link.ts';
import type { Flows } from '../../flows/flows.ts';
import type { Hints } from '../../platform/hints.ts';
import type { Service } from '../../platform/lifecycle.ts';
import type { Logger } from '../../platform/log.ts';
import type { Nats } from '../../platform/nats.ts';
import type { Database } from '../../sql/pool.ts';
import type { DatabaseClock } from '../database-clock.ts';
import { createLedLoop } from '../leader.ts';
import type { Leads } from '../leads.ts';
import type { Rest } from '../rest.ts';
import { createAlertGroups } from './alert-groups.ts';
import { createAlertManager } from './alertmanager.ts';
import { announcements } from './announcements.ts';
import { askAlertManager, awaitedAlerts } from './awaited-alerts.ts';
import { budgetHolds } from './budget-holds.ts';
import { createFollowUps } from './follow-ups.ts';
import { forget } from './forget.ts';
import { createNatsSignals } from './nats-signals.ts';
import { createNatsTriggers } from './nats-triggers.ts';
import { createSchedules } from './schedules.ts';
import { silences } from './silences.ts';
import { targetLocks } from './target-locks.ts';
import type { Task } from './task.ts';
import { createActiveTriggers, rememberTriggers } from './triggered-workflows.ts';

export interface TriggersParts extends Pick<Flows, 'engine' | 'submitter' | 'control'> {
  readonly db: Database;
  readonly hints: Hints;
  readonly log: Logger;
  readonly leads: Leads;
  readonly clock: DatabaseClock;
  readonly rest: Rest;
  /** Absent: no `nats` triggers. */
  readonly nats?: Nats | undefined;
  /** Where signals come by: see createNatsSignals. */
  readonly subjects?: { readonly stream: string; readonly prefix: string } | undefined;
  readonly alertmanagerUrl?: string | undefined;
  readonly links: LinkSettings;
  /** Default 0: everything is kept. */
  readonly retentionDays?: number | undefined;
}

const EVERY_MS = 1_000;

/** What starts runs besides people and webhooks, and what closes the loop of alerts. */
export function createTriggers({ nats, alertmanagerUrl, retentionDays = 0, ...parts }: TriggersParts): Service[] {
  const { hints, log, leads, clock, rest } = parts;
  const active = createActiveTriggers(log);
  const remembered = rememberTriggers(active, hints);
  const tasks: readonly Task[] = [
    createSchedules(remembered, () => new Date(clock.now())),
    createFollowUps(active, clock.now),
    createAlertGroups(active),
    askAlertManager,
    awaitedAlerts,
    budgetHolds,
    silences,
    targetLocks,
    announcements,
    forget,
  ];
  const alertManager = alertmanagerUrl === undefined ? {} : { alertManager: createAlertManager(alertmanagerUrl) };
  const taskParts = { ...parts, ...alertManager, retentionDays };
  const lastRun = new Map<string, number>();
  const mayRest = rest.forLoop('runs');

  async function round(leading: AbortSignal): Promise<void> {
    const rests = await mayRest();
    for (const task of tasks) {
      if (leading.aborted) return;
      if (rests && !task.evenAtRest) continue;
      const now = performance.now();
      if (now - (lastRun.get(task.name) ?? -Infinity) < (task.everyMs ?? 0)) continue;
      lastRun.set(task.name, now);
      try {
        await task.run(taskParts);
      } catch (error) {
        log.warn({ err: error, task: task.name }, 'triggers could not be served; the next round goes on');
      }
    }
  }

  return [
    createLedLoop({ name: 'triggers', leads, log, everyMs: EVERY_MS, round }),
    ...(nats
      ? [createNatsTriggers({ ...parts, nats, activeTriggers: remembered }), createNatsSignals({ ...parts, nats })]
      : []),
  ];
}
