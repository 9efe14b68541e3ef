import { z } from 'zod';
import { AppError, type Problem } from '../contracts/errors.ts';
import type { Json, JsonObject } from '../contracts/json.ts';
import { fingerprintOf } from './fingerprint.ts';
import { problemsOf } from './problems.ts';
import { storageProblems } from './size.ts';

export type AlertStatus = 'firing' | 'resolved';

/** One alert of a webhook, whole. Times are ISO 8601 UTC. */
export interface Alert {
  /** its place in the webhook's list */
  readonly index: number;
  readonly status: AlertStatus;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  /** null while it fires without an end */
  readonly endsAt: string | null;
  readonly generatorURL: string | null;
  /** 16 hexadecimal digits, from the sender or computed from the labels */
  readonly fingerprint: string;
  /** what Grafana sends besides: values, dashboardURL, … */
  readonly extra: JsonObject;
}

export interface RejectedAlert {
  readonly index: number;
  readonly problems: readonly Problem[];
}

export interface AlertGroup {
  readonly receiver: string | null;
  readonly status: string | null;
  readonly groupKey: string | null;
  readonly groupLabels: Readonly<Record<string, string>>;
  readonly commonLabels: Readonly<Record<string, string>>;
  readonly commonAnnotations: Readonly<Record<string, string>>;
  readonly externalURL: string | null;
  /** how many alerts AlertManager left out of this message */
  readonly truncatedAlerts: number;
}

export interface AlertBatch {
  readonly alerts: readonly Alert[];
  readonly rejected: readonly RejectedAlert[];
  readonly group: AlertGroup;
}

/** AlertManager sends this many per message at most unless it is told otherwise; what is above is refused. */
const MOST_ALERTS = 10_000;

/**
 * Reads the body of AlertManager's webhook (version 4), Grafana's (version 1, the same shape), or the bare
 * `{"alerts": [{"labels": {…}}]}`. Each alert is judged alone: one that cannot be read does not stop the others.
 * @param receivedAt becomes `startsAt` where that is missing
 * @throws AppError INVALID_INPUT when it is no such body, or when it has alerts and none of them can be read.
 */
export function parseAlerts(json: unknown, receivedAt: Date): AlertBatch {
  const body = parseBody(json);
  const judged = body.alerts.map((alert, index) => parseAlert(alert, index, receivedAt));
  const alerts = judged.flatMap((result) => ('problems' in result ? [] : [result]));
  const rejected = judged.flatMap((result) => ('problems' in result ? [result] : []));
  if (alerts.length === 0 && rejected.length > 0) throw unusable(rejected);
  return { alerts, rejected, group: groupOf(body) };
}

/** The input of a run that an alert starts: `input.alert` and `input.group` of its templates. */
export function alertInput(alert: Alert, group: AlertGroup): JsonObject {
  const { index: _, extra, ...fields } = alert;
  const runbook = alert.annotations.runbook_url ?? null;
  return { alert: { ...extra, ...fields, runbook_url: runbook }, group: { ...group } };
}

/** The same for the same alert in the same state, whoever sends it and however often. */
export function alertIdentity(workflowId: string, { fingerprint, startsAt, status }: Alert): string {
  return `${workflowId}/${fingerprint}/${startsAt}/${status}`;
}

const text = z.string().nullish();
const textMap = z.record(z.string(), z.string()).nullish();

const bodySchema = z.object({
  version: z
    .union([z.literal('4'), z.literal('1')], {
      error: 'Only version "4" of AlertManager\'s webhook and "1" of Grafana\'s are known',
    })
    .optional(),
  receiver: text,
  status: text,
  alerts: z.array(z.unknown()).max(MOST_ALERTS, `At most ${MOST_ALERTS} alerts in one message`),
  groupKey: text,
  groupLabels: textMap,
  commonLabels: textMap,
  commonAnnotations: textMap,
  externalURL: text,
  truncatedAlerts: z.int().min(0).nullish(),
});
type Body = z.output<typeof bodySchema>;

const instant = z.string().refine(isInstant, 'Not a time of ISO 8601, such as "2030-01-01T00:00:00Z"').nullish();

const alertSchema = z.looseObject({
  status: z.enum(['firing', 'resolved']).default('firing'),
  labels: z
    .record(z.string().min(1, 'A label needs a name'), z.string())
    .refine((labels) => Object.keys(labels).length > 0, 'An alert needs at least one label'),
  annotations: textMap,
  startsAt: instant,
  endsAt: instant,
  generatorURL: text,
  fingerprint: z
    .string()
    .regex(/^[\w.:-]{0,128}$/, 'Not a fingerprint: up to 128 letters, digits and ". : _ -"')
    .nullish(),
});

function parseBody(json: unknown): Body {
  const parsed = bodySchema.safeParse(json);
  const problems = parsed.success ? storageProblems({ ...parsed.data, alerts: [] }, []) : problemsOf(parsed.error);
  if (parsed.success && problems.length === 0) return parsed.data;
  throw new AppError('INVALID_INPUT', `Not a webhook of AlertManager: ${describe(problems)}`, { problems });
}

function parseAlert(json: unknown, index: number, receivedAt: Date): Alert | RejectedAlert {
  const at = ['alerts', index];
  const unstorable = storageProblems(json, at);
  if (unstorable.length > 0) return { index, problems: unstorable };
  const parsed = alertSchema.safeParse(json);
  if (!parsed.success) return { index, problems: problemsOf(parsed.error, at) };
  const { status, labels, annotations, startsAt, endsAt, generatorURL, fingerprint, ...extra } = parsed.data;
  return {
    index,
    status,
    labels,
    annotations: annotations ?? {},
    startsAt: instantOf(startsAt) ?? receivedAt.toISOString(),
    endsAt: instantOf(endsAt),
    generatorURL: generatorURL ?? null,
    fingerprint:
      fingerprint === null || fingerprint === undefined || fingerprint === '' ? fingerprintOf(labels) : fingerprint,
    extra: extra as Record<string, Json>,
  };
}

/** With a year from 1 to 9999, in UTC too: what Postgres and JSON both have. */
function isInstant(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}T/.test(value) || Number.isNaN(Date.parse(value))) return false;
  return isZeroTime(value) || /^(?!0000)\d{4}-/.test(new Date(value).toISOString());
}

/** Go writes its zero time, year 1, for "none". */
function isZeroTime(value: string): boolean {
  return value.startsWith('0001-');
}

function instantOf(value: string | null | undefined): string | null {
  if (value === null || value === undefined || isZeroTime(value)) return null;
  return new Date(value).toISOString();
}

function groupOf(body: Body): AlertGroup {
  return {
    receiver: body.receiver ?? null,
    status: body.status ?? null,
    groupKey: body.groupKey ?? null,
    groupLabels: body.groupLabels ?? {},
    commonLabels: body.commonLabels ?? {},
    commonAnnotations: body.commonAnnotations ?? {},
    externalURL: body.externalURL ?? null,
    truncatedAlerts: body.truncatedAlerts ?? 0,
  };
}

function unusable(rejected: readonly RejectedAlert[]): AppError {
  const problems = rejected.flatMap((alert) => alert.problems);
  return new AppError('INVALID_INPUT', `No alert in this message can be read: ${describe(problems)}`, { problems });
}

function describe(problems: readonly Problem[]): string {
  const [first] = problems;
  if (first === undefined) return 'it has no shape';
  return first.path === '' ? first.message : `${first.path}: ${first.message}`;
}
