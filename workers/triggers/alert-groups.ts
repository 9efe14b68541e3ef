import type { Json, JsonObject } from '../../contracts/json.ts';
import { groupInput, groupRefusal } from '../../flows/correlation.ts';
import type { AlertTrigger } from '../../flows/definition.ts';
import { mapInput } from '../../flows/mapping.ts';
import { closeGroup, findDueGroups, type DueGroup } from '../../sql/queries/alerts.ts';
import { recordDecisions } from '../../sql/queries/triggers.ts';
import { startRun } from './start-run.ts';
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

async function start({ submitter }: TaskParts, group: DueGroup, { workflowId, trigger }: ActiveTrigger<AlertTrigger>) {
  const outcome = await startRun(submitter, () => ({
    workflow: workflowId,
    input: mapInput(trigger.mapping, groupInput(group.alerts, group.labels, group.envelope)),
    trigger: {
      type: trigger.type,
      triggerId: group.triggerId,
      groupId: group.id,
      alerts: group.alerts.map(identityOf),
      resolvedWhen: trigger.resolvedWhen ?? 'all',
    },
    idempotency: { scope: 'alert-group', key: group.id, requestHash: group.id, ttlSeconds: 365 * 24 * 3600 },
  }));
  return outcome.started
    ? { outcome: 'started', runId: outcome.runId }
    : { outcome: 'declined', message: outcome.message };
}

function identityOf(alert: Json): Json {
  const { fingerprint, startsAt } = alert as JsonObject;
  return { fingerprint: fingerprint ?? null, startsAt: startsAt ?? null };
}
