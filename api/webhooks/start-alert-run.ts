import { alertIdentity, alertInput, type Alert } from '../../flows/alerts.ts';
import { heldMessage } from '../../flows/budget.ts';
import type { AlertTrigger } from '../../flows/definition.ts';
import { mapInput } from '../../flows/mapping.ts';
import { isRefusal } from '../../flows/refusal.ts';
import { silenceMatchers } from '../../flows/silence.ts';
import { takeCooldown } from '../../sql/queries/webhooks.ts';
import type { Api } from '../api.ts';
import type { AlertWorkflow } from './alert-workflows.ts';
import { ALERT_SCOPE } from './intake.ts';
import type { Scene } from './scene.ts';
import type { DecisionWire } from './schema.ts';

/** An alert may fire for weeks, and is sent again all the time: its identity is remembered for a year. */
const IDENTITY_SECONDS = 365 * 24 * 3600;

/** Starts the run of an alert that its trigger asks for, unless the cooldown is taken by another one in this moment. */
export async function startAlertRun(
  api: Api,
  scene: Scene,
  alert: Alert,
  workflow: Pick<AlertWorkflow, 'id' | 'name'>,
  { id, trigger }: { readonly id: string; readonly trigger?: AlertTrigger },
): Promise<DecisionWire> {
  const name = { workflowId: workflow.id, workflowName: workflow.name, triggerId: id };
  const cooling = await cooldownOf(api, alert, workflow.id, trigger?.cooldownSeconds ?? 0);
  if (cooling) return { ...name, ...cooling };
  const key = alertIdentity(workflow.id, alert);
  try {
    const { runId, created, hold } = await api.submitter.submit({
      workflow: workflow.id,
      input: mapInput(trigger?.mapping, alertInput(alert, scene.group)),
      trigger: {
        type: scene.source,
        triggerId: id,
        fingerprint: alert.fingerprint,
        status: alert.status,
        startsAt: alert.startsAt,
        webhookId: scene.webhookId,
        ...(trigger && 'silence' in trigger && trigger.silence === true && { silence: silenceMatchers(alert.labels) }),
      },
      counts: { labels: alert.labels, name: alert.fingerprint, began: scene.starts.get(alert.fingerprint) ?? 0 },
      idempotency: { scope: ALERT_SCOPE, key, requestHash: key, ttlSeconds: IDENTITY_SECONDS },
    });
    return {
      ...name,
      outcome: created ? 'started' : 'duplicate',
      workflowRunId: runId,
      ...(hold !== undefined && { message: heldMessage(hold) }),
    };
  } catch (error) {
    // 503 is answered as such, for the sender to try again; what the workflow itself refuses stays so
    if (!isRefusal(error)) throw error;
    return { ...name, outcome: 'declined', message: error.message };
  }
}

async function cooldownOf(
  api: Api,
  { fingerprint, startsAt, status }: Alert,
  workflowId: string,
  seconds: number,
): Promise<Pick<DecisionWire, 'outcome' | 'message' | 'until'> | null> {
  if (seconds === 0) return null;
  const { taken, until } = await takeCooldown(api.db, {
    workflowId,
    fingerprint,
    identity: `${startsAt}/${status}`,
    seconds,
  });
  if (taken) return null;
  if (until === null) return { outcome: 'cooldown', message: 'In cooldown: another alert has just started it' };
  return { outcome: 'cooldown', message: `In cooldown until ${until.toISOString()}`, until: until.toISOString() };
}
