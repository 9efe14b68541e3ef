import type { Metrics } from '../../platform/metrics.ts';
import { measureOutbox } from '../../sql/queries/events.ts';
import { countActiveRuns, countRecentOutcomes } from '../../sql/queries/measures.ts';
import type { Api } from '../api.ts';
import { createEndedRuns } from './ended-runs.ts';

const OPEN_STATUSES = ['PENDING', 'RUNNING', 'WAITING_APPROVAL', 'PAUSED'] as const;
const JOB_STATES = ['wait', 'active', 'delayed', 'prioritized', 'waiting-children', 'failed'] as const;
/** Several scrapers, and the overview, ask for the same: once a second is often enough. */
const FRESH_MS = 1_000;

type Parts = Pick<Api, 'db' | 'queues' | 'queueNames' | 'metrics'>;

/**
 * Fills what the API shows of the whole service at each scrape. It is read from Postgres and the queues, so that every
 * replica shows the same: aggregate over replicas with max, not with sum.
 */
export function collectMetrics(parts: Parts): void {
  const { db, metrics } = parts;
  const endedRuns = createEndedRuns(db);
  const collectors = [
    () => countEnded(metrics, endedRuns),
    () => showActive(metrics, db),
    () => showRates(metrics, db),
    () => showOutbox(metrics, db),
    () => showQueues(parts),
  ];
  for (const collect of collectors) metrics.onScrape(atMostEvery(FRESH_MS, collect));
  metrics.onScrape(() => {
    showPool(metrics, db);
  });
}

async function countEnded(metrics: Metrics, endedRuns: ReturnType<typeof createEndedRuns>): Promise<void> {
  for (const { workflow, status, trigger } of await endedRuns()) {
    metrics.workflowRunsTotal.labels(metrics.label.workflow(workflow), status, trigger).inc();
  }
}

async function showActive(metrics: Metrics, db: Parts['db']): Promise<void> {
  const counts = new Map((await countActiveRuns(db)).map(({ status, count }) => [status, count]));
  for (const status of OPEN_STATUSES) metrics.workflowActiveRuns.labels(status).set(counts.get(status) ?? 0);
}

/** Where nothing has ended nothing has failed: 1. Cancelled runs are neither. */
async function showRates(metrics: Metrics, db: Parts['db']): Promise<void> {
  const rows = await countRecentOutcomes(db);
  metrics.workflowSuccessRate.reset();
  metrics.workflowSuccessRate.set(rateOf(sum(rows, 'succeeded'), sum(rows, 'failed')));
  for (const { workflow, succeeded, failed } of rows) {
    if (succeeded + failed > 0)
      metrics.workflowSuccessRate.labels(metrics.label.workflow(workflow)).set(rateOf(succeeded, failed));
  }
}

function rateOf(succeeded: number, failed: number): number {
  return succeeded + failed === 0 ? 1 : succeeded / (succeeded + failed);
}

function sum<K extends string>(rows: readonly Record<K, number>[], field: K): number {
  return rows.reduce((total, row) => total + row[field], 0);
}

async function showOutbox(metrics: Metrics, db: Parts['db']): Promise<void> {
  const { pending, lagSeconds } = await measureOutbox(db);
  metrics.outboxPending.set(pending);
  metrics.outboxLagSeconds.set(lagSeconds);
}

async function showQueues({ metrics, queues, queueNames }: Parts): Promise<void> {
  for (const name of await queueNames()) {
    const counts = await queues.queue(name).getJobCounts(...JOB_STATES);
    for (const [state, count] of Object.entries(counts))
      metrics.queueJobs.labels(metrics.label.queue(name), state).set(count);
  }
}

function showPool(metrics: Metrics, db: Parts['db']): void {
  const { total, idle, waiting } = db.statistics();
  metrics.dbPoolConnections.labels('main', 'active').set(total - idle);
  metrics.dbPoolConnections.labels('main', 'idle').set(idle);
  metrics.dbPoolConnections.labels('main', 'waiting').set(waiting);
}

function atMostEvery(ms: number, work: () => Promise<void>): () => Promise<void> {
  let last = -Infinity;
  let running = Promise.resolve();
  return () => {
    if (performance.now() - last < ms) return running;
    last = performance.now();
    running = work();
    return running;
  };
}
