import { sql } from 'slonik';
import { z } from 'zod';
import { isUuid } from '../../contracts/uuid.ts';
import { isTerminal, type RunStatus } from '../../contracts/statuses.ts';
import type { Queryable } from '../pool.ts';
import { all, olderThan, type Fragment, type Page } from './page.ts';

/**
 * Conditions on runs that stay quick with millions of them: each leads to an index that has what it looks for newest
 * first, so that a page is read and not the table.
 */
export interface RunFilter {
  readonly workflowId?: string | undefined;
  /** Id or name. */
  readonly workflow?: string | undefined;
  readonly statuses?: readonly RunStatus[] | undefined;
  readonly trigger?: string | undefined;
  /** `name=value`, or the name alone. All must hold. */
  readonly labels?: readonly string[] | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  /**
   * The beginning of the run's id, or part of its workflow's name, a label or its error, whatever the case. Labels and
   * errors are looked through in the newest 10,000 runs that have any.
   */
  readonly q?: string | undefined;
}

const MOST_LOOKED_THROUGH = 10_000;
const NEWEST_FIRST = sql.fragment`ORDER BY w."createdAt" DESC, w.id DESC`;

/** The condition on run `w` that its filter and the page's cursor make. */
export async function runsWithin(db: Queryable, { q, ...filter }: RunFilter, page: Page): Promise<Fragment> {
  const { workflow, ...rest } = filter;
  const conditions = [
    olderThan(sql.fragment`w."createdAt"`, sql.fragment`w.id`, page.cursor),
    ...(workflow === undefined ? [] : [await isOfWorkflow(db, workflow)]),
    ...simpleConditions(rest),
  ];
  const within = all(conditions);
  if (q !== undefined && isUuid(q)) return sql.fragment`w.id = ${q} AND ${within}`;
  return q === undefined ? within : sql.fragment`w.id IN (${await findText(db, q, within, page.limit)})`;
}

function simpleConditions({ workflowId, statuses, trigger, labels, from, to }: RunFilter): Fragment[] {
  return [
    ...(workflowId === undefined ? [] : [sql.fragment`w."workflowId" = ${workflowId}`]),
    ...(statuses === undefined ? [] : [hasStatus(statuses)]),
    ...(trigger === undefined ? [] : [sql.fragment`w."triggerType" = ${trigger}`]),
    ...(labels ?? []).map(hasLabel),
    ...(from === undefined ? [] : [sql.fragment`w."createdAt" >= ${from.toISOString()}::timestamptz`]),
    ...(to === undefined ? [] : [sql.fragment`w."createdAt" < ${to.toISOString()}::timestamptz`]),
  ];
}

/**
 * With what the status says about other columns: they have the indexes, since the status itself changes too often. Word for
 * word the conditions of those indexes (migrations 0041 and 0045).
 */
function hasStatus(statuses: readonly RunStatus[]): Fragment {
  const one = sql.fragment`w.status = ANY (${sql.array([...statuses], 'text')})`;
  const allAre = (...some: RunStatus[]): boolean => statuses.every((status) => some.includes(status));
  if (allAre('CANCELLED')) return sql.fragment`${one} AND (w."endAs" = 'CANCELLED' OR w."errorCode" = 'MANUAL')`;
  if (allAre('FAILED'))
    return sql.fragment`${one} AND w."errorCode" IS NOT NULL AND (w."endAs" IS DISTINCT FROM 'CANCELLED' OR w."errorCode" = 'MANUAL')`;
  if (allAre('FAILED', 'CANCELLED')) return sql.fragment`${one} AND w."errorCode" IS NOT NULL`;
  if (!statuses.some(isTerminal)) return sql.fragment`${one} AND w."finishedAt" IS NULL`;
  return one;
}

function hasLabel(label: string): Fragment {
  const at = label.indexOf('=');
  if (at < 0) return sql.fragment`w.labels <> '{}' AND w.labels ? ${label}`;
  return sql.fragment`w.labels <> '{}' AND w.labels @> ${sql.jsonb({ [label.slice(0, at)]: label.slice(at + 1) })}`;
}

async function isOfWorkflow(db: Queryable, idOrName: string): Promise<Fragment> {
  const ids = isUuid(idOrName) ? [idOrName] : await findWorkflows(db, sql.fragment`name = ${idOrName}`);
  const [only] = ids;
  if (ids.length === 1 && only !== undefined) return sql.fragment`w."workflowId" = ${only}`;
  return sql.fragment`w."workflowId" = ANY (${sql.array([...ids], 'uuid')})`;
}

const workflowId = z.object({ id: z.string() });

/** Workflows by the name that they have, or that the newest of their runs remembers: also those that were deleted. */
function findWorkflows(db: Queryable, isNamed: Fragment): Promise<readonly string[]> {
  return db.anyFirst(sql.type(workflowId)`
    WITH RECURSIVE remembered AS (
      (SELECT "workflowId" AS id, "workflowName" AS name FROM "WorkflowRun" ORDER BY "workflowId", "createdAt" DESC LIMIT 1)
      UNION ALL
      SELECT w.* FROM remembered r CROSS JOIN LATERAL (
        SELECT "workflowId", "workflowName" FROM "WorkflowRun" WHERE "workflowId" > r.id
        ORDER BY "workflowId", "createdAt" DESC LIMIT 1) w
    )
    SELECT id FROM "Workflow" WHERE ${isNamed} UNION SELECT id FROM remembered WHERE ${isNamed}`);
}

/** The newest runs that have the text, by where it may be; together they hold the newest of all. */
async function findText(db: Queryable, q: string, within: Fragment, limit: number): Promise<Fragment> {
  const holds = (text: Fragment): Fragment => sql.fragment`strpos(lower(${text}), lower(${q})) > 0`;
  const newestAmong = (condition: Fragment, text: Fragment): Fragment => sql.fragment`(
    SELECT w.id FROM (SELECT w.* FROM "WorkflowRun" w WHERE ${condition} AND ${within} ${NEWEST_FIRST} LIMIT ${MOST_LOOKED_THROUGH}) w
    WHERE ${holds(text)} ${NEWEST_FIRST} LIMIT ${limit})`;
  const workflows = await findWorkflows(db, holds(sql.fragment`name`));
  const places = [
    newestAmong(sql.fragment`w."errorCode" IS NOT NULL`, sql.fragment`concat_ws(' ', w."errorCode", w."errorMessage")`),
    newestAmong(sql.fragment`w.labels <> '{}'`, sql.fragment`w.labels::text`),
    sql.fragment`(
        SELECT n.id FROM unnest(${sql.array([...workflows], 'uuid')}) f(id) CROSS JOIN LATERAL (
          SELECT w.id FROM "WorkflowRun" w WHERE w."workflowId" = f.id AND ${within} ${NEWEST_FIRST} LIMIT ${limit}) n)`,
    ...idsFrom(q).map(
      ({ first, last }) => sql.fragment`(
        SELECT w.id FROM "WorkflowRun" w WHERE w.id BETWEEN ${first}::uuid AND ${last}::uuid AND ${within} ${NEWEST_FIRST} LIMIT ${limit})`,
    ),
  ];
  return sql.fragment`${sql.join(places, sql.fragment` UNION ALL `)}`;
}

/** The ids that begin with the text; none where no id can. */
function idsFrom(text: string): { first: string; last: string }[] {
  const digits = text.toLowerCase().replaceAll('-', '');
  if (!/^[0-9a-f]{4,32}$/.test(digits)) return [];
  return [{ first: asUuid(digits.padEnd(32, '0')), last: asUuid(digits.padEnd(32, 'f')) }];
}

function asUuid(digits: string): string {
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
