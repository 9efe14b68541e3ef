import { AppError } from '../../contracts/errors.ts';
import { alertIdentity, alertInput, type Alert } from '../../flows/alerts.ts';
import { budgetHold, targetOf } from '../../flows/budget.ts';
import type { AlertTrigger } from '../../flows/definition.ts';
import { mapInput } from '../../flows/mapping.ts';
import { useBudget } from '../../sql/queries/alerts.ts';
import { takeCooldown } from '../../sql/queries/webhooks.ts';
import type { Api } from '../api.ts';
import type { AlertWorkflow } from './alert-workflows.ts';
import { ALERT_SCOPE, type Scene } from './scene.ts';
import type { DecisionWire } from './schema.ts';

/** An alert may fire for weeks, and is sent again all the time: its identity is remembered for a year. */
const IDENTITY_SECONDS = 365 * 24 * 3600;

type Starter = Pick<AlertWorkflow, 'id' | 'name'> & Partial<Pick<AlertWorkflow, 'budget'>>;

/** Starts the run of an alert that its trigger asks for, unless the cooldown is taken by another one in this moment. */
export async function startAlertRun(
  api: Api,
  scene: Scene,
  alert: Alert,
  workflow: Starter,
  { id, trigger }: { readonly id: string; readonly trigger?: AlertTrigger },
): Promise<DecisionWire> {
  const name = { workflowId: workflow.id, workflowName: workflow.name, triggerId: id };
  const cooling = await cooldownOf(api, alert, workflow.id, trigger?.cooldownSeconds ?? 0);
  if (cooling) return { ...name, ...cooling };
  const hold = await holdOf(api, scene, alert, workflow);
  const key = alertIdentity(workflow.id, alert);
  try {
    const { runId, created } = await api.submitter.submit({
      workflow: workflow.id,
      input: mapInput(trigger?.mapping, alertInput(alert, scene.group)),
      trigger: {
        type: scene.source,
        triggerId: id,
        fingerprint: alert.fingerprint,
        status: alert.status,
        startsAt: alert.startsAt,
        webhookId: scene.webhookId,
        ...(trigger && 'silence' in trigger && trigger.silence === true && { silence: true }),
        ...(hold !== null && { overBudget: hold }),
      },
      idempotency: { scope: ALERT_SCOPE, key, requestHash: key, ttlSeconds: IDENTITY_SECONDS },
    });
    return {
      ...name,
      outcome: created ? 'started' : 'duplicate',
      workflowRunId: runId,
      ...(created && hold !== null && { message: `Waits for an approval. ${hold}` }),
    };
  } catch (error) {
    // 503 is answered as such, for the sender to try again; what the workflow itself refuses stays so
    if (!isRefusal(error)) throw error;
    return { ...name, outcome: 'declined', message: error.message };
  }
}

/** A mapping that does not fit the alert is the workflow's refusal too. */
function isRefusal(error: unknown): error is AppError {
  if (!(error instanceof AppError)) return false;
  return error.status < 500 || error.code === 'TEMPLATE_ERROR' || error.code === 'EXPRESSION_ERROR';
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

async function holdOf(api: Api, { starts }: Scene, alert: Alert, { id, budget }: Starter): Promise<string | null> {
  if (budget === undefined) return null;
  const target = targetOf(budget, alert);
  const identity = `${alert.fingerprint}/${alert.startsAt}/${alert.status}`;
  const { windowSeconds } = budget;
  const used = await useBudget(api.db, { workflowId: id, target, identity, windowSeconds });
  return budgetHold(budget, { used, starts: starts.get(alert.fingerprint) ?? 0, target });
}
