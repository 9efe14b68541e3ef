import { AppError } from '../../contracts/errors.ts';
import { decide, type AlertDecision } from '../../flows/alert-decision.ts';
import {
  alertIdentity,
  alertInput,
  parseAlerts,
  type Alert,
  type AlertBatch,
  type AlertGroup,
} from '../../flows/alerts.ts';
import type { AlertTrigger } from '../../flows/definition.ts';
import {
  findStartedRuns,
  insertWebhook,
  listCooldowns,
  recordOutcomes,
  takeCooldown,
  type Cooldown,
} from '../../sql/queries/webhooks.ts';
import type { Json } from '../../contracts/json.ts';
import type { Api } from '../api.ts';
import { ALERT_NOTIFICATION, ensureAlertNotification } from './alert-notification.ts';
import type { AlertSource, AlertWorkflow } from './alert-workflows.ts';
import type { AlertReceipt, AlertResult, DecisionWire } from './schema.ts';

/** An alert may fire for weeks, and is sent again all the time: its identity is remembered for a year. */
const IDENTITY_SECONDS = 365 * 24 * 3600;
const SCOPE = 'alert';
/** Alerts that are handled at once; the submitter merges what comes together. */
const AT_ONCE = 20;

export interface Received {
  readonly source: AlertSource;
  readonly json: unknown;
  readonly rawBody: string;
  readonly sender: string;
}

/**
 * Takes a webhook of alerts: keeps it, decides on each alert, starts the runs. When it returns, all of that is stored.
 * @throws AppError INVALID_INPUT when no alert in it can be read; DATABASE_UNAVAILABLE when it cannot be stored: sent again,
 * it goes on where it was, because each alert starts a workflow once
 */
export async function receiveAlerts(api: Api, { source, json, rawBody, sender }: Received): Promise<AlertReceipt> {
  const batch = parseAlerts(json, new Date());
  const webhookId = await insertWebhook(api.db, { kind: source, body: rawBody, sender });
  const scene = await readScene(api, source, batch);
  const results = await inChunks(batch.alerts, (alert) => handleAlert(api, scene, alert));
  const alerts = [...results, ...batch.rejected.map(rejectedResult)].sort((a, b) => a.index - b.index);
  await recordOutcomes(api.db, webhookId, alerts as unknown as Json);
  count(api, alerts);
  const workflowRunIds = alerts.flatMap(({ decisions }) =>
    decisions.flatMap((each) => (each.outcome === 'started' ? (each.workflowRunId ?? []) : [])),
  );
  return { webhookId, received: alerts.length, started: workflowRunIds.length, workflowRunIds, alerts };
}

/** What all alerts of one webhook are judged by. */
interface Scene {
  readonly source: AlertSource;
  readonly group: AlertGroup;
  readonly workflows: readonly AlertWorkflow[];
  readonly startedRuns: ReadonlyMap<string, string>;
  readonly cooldowns: ReadonlyMap<string, Cooldown>;
}

async function readScene(api: Api, source: AlertSource, { alerts, group }: AlertBatch): Promise<Scene> {
  const workflows = await api.alertWorkflows(api.db, source);
  const ids = workflows.map(({ id }) => id);
  const keys = alerts.flatMap((alert) => ids.map((id) => alertIdentity(id, alert)));
  const [startedRuns, cooldowns] = await Promise.all([
    findStartedRuns(api.db, SCOPE, keys),
    listCooldowns(api.db, ids, [...new Set(alerts.map(({ fingerprint }) => fingerprint))]),
  ]);
  const byPlace = new Map(cooldowns.map((cooldown) => [`${cooldown.workflowId}/${cooldown.fingerprint}`, cooldown]));
  return { source, group, workflows, startedRuns, cooldowns: byPlace };
}

async function handleAlert(api: Api, scene: Scene, alert: Alert): Promise<AlertResult> {
  const judged = await Promise.all(scene.workflows.map((workflow) => judge(api, scene, alert, workflow)));
  const decisions = judged.flatMap((decision) => decision ?? []);
  const { index, fingerprint, status, labels } = alert;
  const all = decisions.length > 0 ? decisions : [await notify(api, scene, alert)];
  return { index, fingerprint, status, labels: { ...labels }, decisions: all };
}

/** What a workflow does about an alert; null when it does not ask for it. */
async function judge(api: Api, scene: Scene, alert: Alert, workflow: AlertWorkflow): Promise<DecisionWire | null> {
  const runId = scene.startedRuns.get(alertIdentity(workflow.id, alert));
  const cooldown = scene.cooldowns.get(`${workflow.id}/${alert.fingerprint}`);
  const state = {
    now: new Date(),
    seen: runId !== undefined,
    // what this very alert began, and did not get to finish, must not hold it up
    lastStartAt: cooldown && cooldown.identity !== identityOf(alert) ? cooldown.startedAt : null,
    maintenance: workflow.maintenance,
  };
  const decisions = workflow.triggers.map((trigger) => ({ trigger, decision: decide(alert, trigger, state) }));
  const starting = decisions.find(({ decision }) => decision.start);
  if (starting) return startWithCooldown(api, scene, alert, workflow, starting.trigger);
  const declined = decisions.flatMap(({ decision }) => (!decision.start && decision.asked ? [decision] : []))[0];
  return declined ? declinedWire(workflow, declined, runId) : null;
}

async function startWithCooldown(
  api: Api,
  scene: Scene,
  alert: Alert,
  workflow: AlertWorkflow,
  trigger: AlertTrigger,
): Promise<DecisionWire> {
  if (trigger.cooldownSeconds > 0) {
    const place = {
      workflowId: workflow.id,
      fingerprint: alert.fingerprint,
      identity: identityOf(alert),
      seconds: trigger.cooldownSeconds,
    };
    const { taken, until } = await takeCooldown(api.db, place);
    if (!taken) {
      const message = until
        ? `In cooldown until ${until.toISOString()}`
        : 'In cooldown: another alert has just started it';
      return { ...nameOf(workflow), outcome: 'cooldown', message, ...(until && { until: until.toISOString() }) };
    }
  }
  return start(api, scene, alert, workflow);
}

/** The built-in workflow, for what nobody asks for. */
async function notify(api: Api, scene: Scene, alert: Alert): Promise<DecisionWire> {
  const id = await ensureAlertNotification(api.db);
  return start(api, scene, alert, { id, name: ALERT_NOTIFICATION });
}

async function start(
  api: Api,
  { source, group }: Scene,
  alert: Alert,
  workflow: Pick<AlertWorkflow, 'id' | 'name'>,
): Promise<DecisionWire> {
  const key = alertIdentity(workflow.id, alert);
  try {
    const { runId, created } = await api.submitter.submit({
      workflow: workflow.id,
      input: alertInput(alert, group),
      trigger: { type: source, fingerprint: alert.fingerprint, status: alert.status, startsAt: alert.startsAt },
      idempotency: { scope: SCOPE, key, requestHash: key, ttlSeconds: IDENTITY_SECONDS },
    });
    return { ...nameOf(workflow), outcome: created ? 'started' : 'duplicate', workflowRunId: runId };
  } catch (error) {
    // 503 is answered as such, for the sender to try again; what the workflow itself refuses stays so
    if (!(error instanceof AppError) || error.status >= 500) throw error;
    return { ...nameOf(workflow), outcome: 'declined', message: error.message };
  }
}

function declinedWire(
  workflow: AlertWorkflow,
  decision: AlertDecision & { start: false },
  runId: string | undefined,
): DecisionWire {
  const { reason, message, until } = decision;
  return {
    ...nameOf(workflow),
    outcome: reason === 'no_match' ? 'declined' : reason,
    message,
    ...(until && { until: until.toISOString() }),
    ...(reason === 'duplicate' && runId !== undefined && { workflowRunId: runId }),
  };
}

function nameOf({ id, name }: Pick<AlertWorkflow, 'id' | 'name'>) {
  return { workflowId: id, workflowName: name };
}

function identityOf({ startsAt, status }: Alert): string {
  return `${startsAt}/${status}`;
}

function rejectedResult({ index, problems }: AlertBatch['rejected'][number]): AlertResult {
  return { index, decisions: [], errors: problems.map(({ path, message }) => ({ path, message })) };
}

function count({ metrics }: Api, alerts: readonly AlertResult[]): void {
  for (const { decisions, errors } of alerts) {
    if (errors) metrics.webhookAlertsTotal.labels('rejected').inc();
    for (const { outcome } of decisions) metrics.webhookAlertsTotal.labels(outcome).inc();
  }
}

async function inChunks<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(at, at + AT_ONCE).map(work))));
  }
  return results;
}
