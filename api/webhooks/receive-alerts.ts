import { randomUUID } from 'node:crypto';
import { AppError } from '../../contracts/errors.ts';
import type { Json } from '../../contracts/json.ts';
import { parseAlerts, type AlertBatch } from '../../flows/alerts.ts';
import { toAppError } from '../../sql/errors.ts';
import type { Api } from '../api.ts';
import type { AlertSource } from './alert-workflows.ts';
import { judgeAlert } from './judge-alert.ts';
import { readScene, type Scene } from './scene.ts';
import type { AlertReceipt, AlertResult } from './schema.ts';

/** Alerts that are handled at once: as many as the submitter merges into one statement. */
const AT_ONCE = 100;

export interface Received {
  readonly source: AlertSource;
  readonly json: unknown;
  readonly rawBody: string;
  readonly sender: string;
}

/**
 * Takes a webhook of alerts: keeps it, notes how the alerts stand, decides on each, starts the runs. When it returns, all of
 * that is stored.
 * @throws AppError INVALID_INPUT when no alert in it can be read; with status 503 whatever else goes wrong: AlertManager sends
 * it again then, as it would not after another answer, and it goes on where it was, because each alert starts a workflow once
 */
export async function receiveAlerts(api: Api, received: Received): Promise<AlertReceipt> {
  const batch = parseAlerts(received.json, new Date());
  try {
    return await handleBatch(api, received, batch);
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error instanceof AppError && error.status === 503) throw error;
    throw new AppError('UNAVAILABLE', 'The alerts could not be stored: send them again.', { cause: error });
  }
}

async function handleBatch(api: Api, { source, rawBody, sender }: Received, batch: AlertBatch): Promise<AlertReceipt> {
  const webhookId = randomUUID();
  await api.intake.keep({
    webhook: { id: webhookId, kind: source, body: rawBody, sender },
    sighting: { source, receiver: batch.group.receiver, alerts: batch.alerts },
  });
  const scene = await readScene(api, source, webhookId, batch);
  const results = await inChunks(batch.alerts, (alert) => judgeAlert(api, scene, alert));
  const alerts = [...results, ...batch.rejected.map(rejectedResult)].sort((a, b) => a.index - b.index);
  await record(api, scene, alerts);
  count(api, alerts);
  const { truncatedAlerts } = batch.group;
  const workflowRunIds = alerts.flatMap(({ decisions }) =>
    decisions.flatMap((each) => (each.outcome === 'started' ? (each.workflowRunId ?? []) : [])),
  );
  return {
    webhookId,
    received: alerts.length,
    started: workflowRunIds.length,
    workflowRunIds,
    truncatedAlerts,
    alerts,
  };
}

/** The receipt beside the webhook, and each decision under its trigger. */
async function record(api: Api, { source, webhookId }: Scene, alerts: readonly AlertResult[]): Promise<void> {
  const decisions = alerts.flatMap(({ decisions, fingerprint, status, labels, startsAt }) =>
    decisions.map(({ workflowRunId, ...decision }) => ({
      ...decision,
      triggerType: source,
      runId: workflowRunId,
      subject: { fingerprint, status, labels, startsAt } as Json,
      webhookId,
    })),
  );
  await api.intake.conclude({ outcomes: { webhookId, alerts: alerts as unknown as Json }, decisions });
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
