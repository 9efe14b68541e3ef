import { alertIdentity, type AlertBatch, type AlertGroup } from '../../flows/alerts.ts';
import { FLAPPING } from '../../flows/budget.ts';
import { countStarts, findGrouped } from '../../sql/queries/alerts.ts';
import { listCooldowns, type Cooldown } from '../../sql/queries/webhooks.ts';
import type { Api } from '../api.ts';
import type { AlertSource, AlertWorkflow } from './alert-workflows.ts';

/** What all alerts of one webhook are judged by. */
export interface Scene {
  readonly source: AlertSource;
  readonly webhookId: string;
  readonly group: AlertGroup;
  readonly workflows: readonly AlertWorkflow[];
  readonly startedRuns: ReadonlyMap<string, string>;
  readonly cooldowns: ReadonlyMap<string, Cooldown>;
  /** `<triggerId>/<fingerprint>/<startsAt>` of alerts that are in a group. */
  readonly grouped: ReadonlySet<string>;
  /** How often each fingerprint began of late. */
  readonly starts: ReadonlyMap<string, number>;
}

/** Reads everything that the alerts of a webhook are judged by, in as many statements whatever their number. */
export async function readScene(
  api: Api,
  source: AlertSource,
  webhookId: string,
  { alerts, group }: AlertBatch,
): Promise<Scene> {
  const workflows = await api.intake.workflows(source);
  const ids = workflows.map(({ id }) => id);
  const keys = alerts.flatMap((alert) => ids.map((id) => alertIdentity(id, alert)));
  const fingerprints = [...new Set(alerts.map(({ fingerprint }) => fingerprint))];
  const grouping = workflows.flatMap(({ triggers }) =>
    triggers.filter(({ trigger }) => trigger.groupBy !== undefined).map(({ id }) => id),
  );
  const cooling = workflows
    .filter(({ triggers }) => triggers.some(({ trigger }) => trigger.cooldownSeconds > 0))
    .map(({ id }) => id);
  const hasBudget = workflows.some(({ budget }) => budget !== undefined);
  const [startedRuns, cooldowns, grouped, starts] = await Promise.all([
    keys.length === 0 ? new Map<string, string>() : api.intake.startedRuns(keys),
    cooling.length === 0 ? [] : listCooldowns(api.db, cooling, fingerprints),
    findGrouped(api.db, grouping, fingerprints),
    hasBudget ? countStarts(api.db, fingerprints, FLAPPING.windowSeconds) : new Map<string, number>(),
  ]);
  const byPlace = new Map(cooldowns.map((cooldown) => [`${cooldown.workflowId}/${cooldown.fingerprint}`, cooldown]));
  return { source, webhookId, group, workflows, startedRuns, cooldowns: byPlace, grouped, starts };
}
