import { sql } from 'slonik';
import { z } from 'zod';
import type { Json } from '../../contracts/json.ts';
import { mended } from '../mended.ts';
import type { Queryable } from '../pool.ts';
import { toJsonText } from '../storable.ts';
import { all, cursorOf, olderThan, type Page } from './page.ts';
import { NO_ROWS } from '../no-rows.ts';

export interface ReceivedWebhook {
  readonly id: string;
  readonly kind: 'alertmanager' | 'grafana' | 'workflow';
  /** As it was sent. */
  readonly body: string;
  readonly sender: string;
}

/** Keeps webhooks as they came, in one statement. */
export async function insertWebhooks(db: Queryable, webhooks: readonly ReceivedWebhook[]): Promise<void> {
  const rows = webhooks.map(({ id, kind, body, sender }) => [id, kind, body, sender]);
  await db.query(sql.type(NO_ROWS)`
    INSERT INTO "Webhook" (id, kind, body, sender) SELECT * FROM ${sql.unnest(rows, ['uuid', 'text', 'text', 'text'])}`);
}

/** What became of each alert of a webhook, as answered. */
export interface Outcomes {
  readonly webhookId: string;
  readonly alerts: Json;
}

/** Notes what became of webhooks, in one statement. */
export async function recordOutcomes(db: Queryable, outcomes: readonly Outcomes[]): Promise<void> {
  await db.query(sql.type(NO_ROWS)`
    UPDATE "Webhook" w SET alerts = o.alerts, "handledAt" = now()
    FROM jsonb_to_recordset(${toJsonText(outcomes)}::jsonb) AS o("webhookId" uuid, alerts jsonb) WHERE w.id = o."webhookId"`);
}

const webhookRow = mended(
  'webhook',
  z.object({
    id: z.string(),
    kind: z.enum(['alertmanager', 'grafana', 'workflow']),
    sender: z.string().nullable(),
    receivedAt: z.date(),
    handledAt: z.date().nullable(),
    alerts: z.array(z.unknown()),
    body: z.string(),
    cursor: z.string(),
  }),
);
export type WebhookRow = z.output<typeof webhookRow>;

const receivedAt = sql.fragment`"receivedAt"`;
const id = sql.fragment`id`;

/** Newest first. */
export function listWebhooks(db: Queryable, kind: string | undefined, page: Page): Promise<readonly WebhookRow[]> {
  const conditions = [
    olderThan(receivedAt, id, page.cursor),
    ...(kind === undefined ? [] : [sql.fragment`kind = ${kind}`]),
  ];
  return db.any(sql.type(webhookRow)`
    SELECT id, kind, sender, "receivedAt", "handledAt", alerts, body, ${cursorOf(receivedAt, id)} AS cursor
    FROM "Webhook" WHERE ${all(conditions)} ORDER BY "receivedAt" DESC, id DESC LIMIT ${page.limit}`);
}

const cooldown = z.object({ taken: z.boolean(), until: z.date().nullable() });

/**
 * Takes the place of a workflow and fingerprint for the alert of this identity. `taken` when it did, or had it already
 * (the same alert sent again must reach its own run); else `until`, from when another may start. That is null when the
 * place was taken in this very moment, by a transaction that this statement does not see yet.
 */
export function takeCooldown(
  db: Queryable,
  {
    workflowId,
    fingerprint,
    identity,
    seconds,
  }: { workflowId: string; fingerprint: string; identity: string; seconds: number },
): Promise<z.output<typeof cooldown>> {
  return db.one(sql.type(cooldown)`
    WITH taken AS (
      INSERT INTO "AlertCooldown" AS c ("workflowId", fingerprint, identity) VALUES (${workflowId}, ${fingerprint}, ${identity})
      ON CONFLICT ("workflowId", fingerprint) DO UPDATE SET identity = EXCLUDED.identity,
        "startedAt" = CASE WHEN c.identity = EXCLUDED.identity THEN c."startedAt" ELSE now() END
      WHERE c.identity = EXCLUDED.identity OR c."startedAt" <= now() - ${seconds} * interval '1 second'
      RETURNING 1
    )
    SELECT EXISTS (SELECT FROM taken) AS taken, (
      SELECT "startedAt" + ${seconds} * interval '1 second' FROM "AlertCooldown"
      WHERE "workflowId" = ${workflowId} AND fingerprint = ${fingerprint}) AS until`);
}

const cooldownRow = mended(
  'cooldown',
  z.object({
    workflowId: z.string(),
    fingerprint: z.string(),
    identity: z.string(),
    startedAt: z.date(),
  }),
);
export type Cooldown = z.output<typeof cooldownRow>;

/** The last starts of these workflows for these fingerprints. */
export function listCooldowns(
  db: Queryable,
  workflowIds: readonly string[],
  fingerprints: readonly string[],
): Promise<readonly Cooldown[]> {
  return db.any(sql.type(cooldownRow)`
    SELECT "workflowId", fingerprint, identity, "startedAt" FROM "AlertCooldown"
    WHERE "workflowId" = ANY (${sql.array([...workflowIds], 'uuid')}) AND fingerprint = ANY (${sql.array([...fingerprints], 'text')})`);
}

const startedRow = z.object({ key: z.string(), runId: z.string() });

/** The runs that these idempotency keys of a scope have started. */
export async function findStartedRuns(
  db: Queryable,
  scope: string,
  keys: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await db.any(sql.type(startedRow)`
    SELECT key, "runId" FROM "IdempotencyKey" WHERE scope = ${scope} AND key = ANY (${sql.array([...keys], 'text')})`);
  return new Map(rows.map(({ key, runId }) => [key, runId]));
}

const keptRow = mended(
  'webhook',
  z.object({
    id: z.string(),
    source: z.enum(['alertmanager', 'grafana']),
    body: z.string(),
    receivedAt: z.date(),
  }),
);

/** The webhooks of alerts that came in the last days, oldest first; the newest `limit` where there are more. */
export function listKeptWebhooks(
  db: Queryable,
  days: number,
  limit: number,
): Promise<readonly z.output<typeof keptRow>[]> {
  return db.any(sql.type(keptRow)`
    SELECT * FROM (
      SELECT id, kind AS source, body, "receivedAt" FROM "Webhook"
      WHERE kind IN ('alertmanager', 'grafana') AND "receivedAt" > now() - ${days} * interval '1 day'
      ORDER BY "receivedAt" DESC, id DESC LIMIT ${limit}) w
    ORDER BY "receivedAt", id`);
}

/** How long the last runs of a workflow took, in seconds; null where none has ended. */
export function medianRunSeconds(db: Queryable, workflowId: string): Promise<number | null> {
  return db.oneFirst(sql.type(z.object({ seconds: z.number().nullable() }))`
    SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM "finishedAt" - "createdAt")) AS seconds
    FROM (SELECT "finishedAt", "createdAt" FROM "WorkflowRun" WHERE "workflowId" = ${workflowId} AND "finishedAt" IS NOT NULL
      ORDER BY "createdAt" DESC LIMIT 100) r`);
}
