import type { Json, JsonObject } from '../../contracts/json.ts';
import { FLAPPING, type BudgetSubject } from '../../flows/budget.ts';
import { commonLabels, groupInput, groupKey, groupRefusal } from '../../flows/correlation.ts';
import type { AlertTrigger } from '../../flows/definition.ts';
import { mapInput } from '../../flows/mapping.ts';
import { silenceMatchers } from '../../flows/silence.ts';
import type { Database } from '../../sql/pool.ts';
import { closeGroup, countStarts, findDueGroups, type DueGroup } from '../../sql/queries/alerts.ts';
import { recordDecisions } from '../../sql/queries/triggers.ts';
import { startRun, whatBecame } from './start-run.ts';
import { eachAlone, type Task, type TaskParts } from './task.ts';
import type { ActiveTrigger, ActiveTriggers } from './triggered-workflows.ts';

/** Starts the run of a group of alerts when its window is over; one run for each group. */
export function createAlertGroups(activeTriggers: ActiveTriggers): Task {
  return {
    name: 'alert-groups',
    async run(parts) {
      const groups = await findDueGroups(parts.db);
      if (groups.length === 0) return;
      const triggers = [
        ...(await activeTriggers(parts.db, 'alertmanager')),
        ...(await activeTriggers(parts.db, 'grafana')),
      ];
      const byId = new Map<string, ActiveTrigger<AlertTrigger>>(triggers.map((trigger) => [trigger.id, trigger]));
      await eachAlone(
        groups,
        parts,
        ({ id }) => id,
        (group) => settle(parts, group, byId.get(group.triggerId)),
      );
    },
  };
}

async function settle(
  parts: TaskParts,
  group: DueGroup,
  named: ActiveTrigger<AlertTrigger> | undefined,
): Promise<void> {
  // its trigger is gone, or switched off: nobody asks any more
  if (!named) return closeGroup(parts.db, group.id);
  const { workflowId, workflowName, trigger } = named;
  const refusal = groupRefusal(group.alerts.length, trigger.groupThreshold);
  const outcome =
    refusal === null ? await start(parts, group, named) : { outcome: 'below_threshold', message: refusal };
  const decision = {
    triggerId: group.triggerId,
    workflowId,
    workflowName,
    triggerType: trigger.type,
    subject: { group: group.labels, alerts: group.alerts.length },
    ...outcome,
  };
  await parts.db.transaction(async (transaction) => {
    await recordDecisions(transaction, [decision]);
    await closeGroup(transaction, group.id);
  });
}

async function start({ db, submitter }: TaskParts, group: DueGroup, named: ActiveTrigger<AlertTrigger>) {
  const { workflowId, trigger } = named;
  const counts = await subjectOf(db, group, named);
  const outcome = await startRun(submitter, () => ({
    workflow: workflowId,
    input: mapInput(trigger.mapping, groupInput(group.alerts, group.labels, group.envelope)),
    trigger: {
      type: trigger.type,
      triggerId: group.triggerId,
      groupId: group.id,
      alerts: group.alerts.map(identityOf),
      resolvedWhen: trigger.resolvedWhen ?? 'all',
      ...('silence' in trigger &&
        trigger.silence === true && { silence: silenceMatchers(commonLabels(group.alerts), trigger.matchers) }),
    },
    counts,
    idempotency: { scope: 'alert-group', key: group.id, requestHash: group.id, ttlSeconds: 365 * 24 * 3600 },
  }));
  return whatBecame(outcome);
}

/** A group flaps as much as the alert in it that flaps most. */
async function subjectOf(
  db: Database,
  { alerts, labels }: DueGroup,
  { definition }: ActiveTrigger<AlertTrigger>,
): Promise<BudgetSubject> {
  const name = `the group ${groupKey(Object.keys(labels), labels).key}`;
  const common = { labels: commonLabels(alerts), name };
  if (definition.budget === undefined) return common;
  const fingerprints = alerts.map((alert) => (alert as { fingerprint: string }).fingerprint);
  const starts = await countStarts(db, fingerprints, FLAPPING.windowSeconds);
  return { ...common, began: Math.max(0, ...starts.values()) };
}

function identityOf(alert: Json): Json {
  const { fingerprint, startsAt } = alert as JsonObject;
  return { fingerprint: fingerprint ?? null, startsAt: startsAt ?? null };
}
