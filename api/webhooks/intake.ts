import { AppError } from '../../contracts/errors.ts';
import { createCombiner } from '../../platform/combine.ts';
import { toAppError } from '../../sql/errors.ts';
import type { Database } from '../../sql/pool.ts';
import { noteAlerts, type Sighting } from '../../sql/queries/alerts.ts';
import { recordDecisions, type NewDecision } from '../../sql/queries/triggers.ts';
import {
  findStartedRuns,
  insertWebhooks,
  recordOutcomes,
  type Outcomes,
  type ReceivedWebhook,
} from '../../sql/queries/webhooks.ts';
import type { AlertSource, AlertWorkflow, AlertWorkflows } from './alert-workflows.ts';

/** What webhooks of alerts ask of the database. In a flood many of them go together, in one statement of each kind. */
export interface Intake {
  /** Keeps a webhook as it came, and notes how its alerts stand. */
  readonly keep: (arrival: Arrival) => Promise<void>;
  readonly workflows: (source: AlertSource) => Promise<readonly AlertWorkflow[]>;
  /** The runs that alerts have started before, by their identity. */
  readonly startedRuns: (identities: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  /** Notes what became of a webhook, beside it and under each trigger. */
  readonly conclude: (conclusion: Conclusion) => Promise<void>;
}

export interface Arrival {
  readonly webhook: ReceivedWebhook;
  readonly sighting: Sighting;
}

export interface Conclusion {
  readonly outcomes: Outcomes;
  readonly decisions: readonly NewDecision[];
}

/** Of the idempotency keys of alerts. */
export const ALERT_SCOPE = 'alert';

/** Bodies have up to 1 MiB each. */
const MOST_WEBHOOKS = 20;

export function createIntake(db: Database, alertWorkflows: AlertWorkflows): Intake {
  const keep = together<Arrival, void>(async (arrivals) => {
    await insertWebhooks(
      db,
      arrivals.map(({ webhook }) => webhook),
    );
    await noteAlerts(
      db,
      arrivals.map(({ sighting }) => sighting),
    );
    return arrivals.map(() => undefined);
  });
  const workflows = together<AlertSource, readonly AlertWorkflow[]>(async (sources) => {
    const read = new Map(sources.map((source) => [source, alertWorkflows(db, source)]));
    return Promise.all(sources.map(async (source) => (await read.get(source)) ?? []));
  });
  const startedRuns = together<readonly string[], ReadonlyMap<string, string>>(async (lists) => {
    const found = await findStartedRuns(db, ALERT_SCOPE, lists.flat());
    return lists.map(() => found);
  });
  const conclude = together<Conclusion, void>(async (conclusions) => {
    await db.transaction(async (transaction) => {
      await recordDecisions(
        transaction,
        conclusions.flatMap(({ decisions }) => decisions),
      );
      await recordOutcomes(
        transaction,
        conclusions.map(({ outcomes }) => outcomes),
      );
    });
    return conclusions.map(() => undefined);
  });
  return { keep, workflows, startedRuns, conclude };
}

/** What is asked at once goes together. What Postgres refuses for one of them must not keep out the others: they go alone then. */
function together<Item, Result>(work: (items: readonly Item[]) => Promise<Result[]>) {
  return createCombiner<Item, Result>(work, {
    maxBatch: MOST_WEBHOOKS,
    parallel: 2,
    isPoison: (error) => !isAway(error),
  });
}

function isAway(thrown: unknown): boolean {
  const error = toAppError(thrown);
  return error instanceof AppError && error.status === 503;
}
