import { decide, type AlertDecision } from '../../flows/alert-decision.ts';
import { alertIdentity, alertInput, type Alert } from '../../flows/alerts.ts';
import { groupKey } from '../../flows/correlation.ts';
import type { AlertTrigger } from '../../flows/definition.ts';
import { unclaimedId, type NamedTrigger } from '../../flows/trigger-id.ts';
import { joinGroup } from '../../sql/queries/alerts.ts';
import type { Api } from '../api.ts';
import { ALERT_NOTIFICATION, ensureAlertNotification } from './alert-notification.ts';
import type { AlertWorkflow } from './alert-workflows.ts';
import type { Scene } from './scene.ts';
import type { AlertResult, DecisionWire } from './schema.ts';
import { startAlertRun } from './start-alert-run.ts';

/** What becomes of one alert: each workflow that asks for it decides; the built-in one where none does. */
export async function judgeAlert(api: Api, scene: Scene, alert: Alert): Promise<AlertResult> {
  const judged = await Promise.all(scene.workflows.map((workflow) => judge(api, scene, alert, workflow)));
  const decisions = judged.flatMap((decision) => decision ?? []);
  const { index, fingerprint, status, labels, startsAt } = alert;
  const all = decisions.length > 0 ? decisions : [await notify(api, scene, alert)];
  return { index, fingerprint, status, startsAt, labels: { ...labels }, decisions: all };
}

/** What a workflow does about an alert; null when it does not ask for it. */
async function judge(api: Api, scene: Scene, alert: Alert, workflow: AlertWorkflow): Promise<DecisionWire | null> {
  const decisions = workflow.triggers.map((named) => ({
    named,
    decision: decide(alert, named.trigger, stateOf(scene, alert, workflow, named)),
  }));
  const starting = decisions.find(({ decision }) => decision.start);
  if (starting) {
    const { named } = starting;
    return named.trigger.groupBy === undefined
      ? startAlertRun(api, scene, alert, workflow, named)
      : join(api, scene, alert, workflow, named);
  }
  for (const { named, decision } of decisions)
    if (!decision.start && decision.asked)
      return declinedWire(workflow, named, decision, scene.startedRuns.get(alertIdentity(workflow.id, alert)));
  return null;
}

function stateOf(scene: Scene, alert: Alert, workflow: AlertWorkflow, { id }: NamedTrigger) {
  const cooldown = scene.cooldowns.get(`${workflow.id}/${alert.fingerprint}`);
  const isGrouped = scene.grouped.has(`${id}/${alert.fingerprint}/${alert.startsAt}`);
  return {
    now: new Date(),
    seen: isGrouped || scene.startedRuns.has(alertIdentity(workflow.id, alert)),
    // what this very alert began, and did not get to finish, must not hold it up
    lastStartAt: cooldown && cooldown.identity !== `${alert.startsAt}/${alert.status}` ? cooldown.startedAt : null,
    maintenance: workflow.maintenance,
  };
}

/** The alert waits for others of its kind; workers/triggers/alert-groups.ts starts the run when the window closes. */
async function join(
  api: Api,
  { group }: Scene,
  alert: Alert,
  workflow: AlertWorkflow,
  { id, trigger }: NamedTrigger<AlertTrigger>,
): Promise<DecisionWire> {
  const { key, labels } = groupKey(trigger.groupBy ?? [], alert.labels);
  const { alert: sent } = alertInput(alert, group);
  const { closesAt, joined } = await joinGroup(api.db, {
    triggerId: id,
    workflowId: workflow.id,
    key,
    labels,
    windowSeconds: trigger.groupWindowSeconds ?? 0,
    envelope: group,
    alert: { ...(sent as object), fingerprint: alert.fingerprint, startsAt: alert.startsAt },
  });
  const name = { workflowId: workflow.id, workflowName: workflow.name, triggerId: id };
  if (!joined) return { ...name, outcome: 'duplicate', message: 'It is in the group already' };
  return { ...name, outcome: 'grouped', message: `In the group ${key}`, until: closesAt.toISOString() };
}

/** The built-in workflow, for what nobody asks for. Pausing or archiving that workflow switches it off. */
async function notify(api: Api, scene: Scene, alert: Alert): Promise<DecisionWire> {
  const id = await ensureAlertNotification(api.db);
  return startAlertRun(api, scene, alert, { id, name: ALERT_NOTIFICATION }, { id: unclaimedId(id) });
}

function declinedWire(
  workflow: AlertWorkflow,
  { id }: NamedTrigger,
  { reason, message, until }: AlertDecision & { start: false },
  runId: string | undefined,
): DecisionWire {
  return {
    workflowId: workflow.id,
    workflowName: workflow.name,
    triggerId: id,
    outcome: reason === 'no_match' ? 'declined' : reason,
    message,
    ...(until && { until: until.toISOString() }),
    ...(reason === 'duplicate' && runId !== undefined && { workflowRunId: runId }),
  };
}
