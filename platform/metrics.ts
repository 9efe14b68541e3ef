import { collectDefaultMetrics, Counter, Gauge } from 'prom-client';
import { within } from './deadline.ts';
import { createLabelBound } from './label-bound.ts';
import { Durations, type RecordedTraceId } from './metrics/durations.ts';
import { createRegistry, expose, type Exposition } from './metrics/exposition.ts';

export type Role = 'api' | 'worker';

const SECONDS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600];
const HTTP_SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** A scrape shows the values of the last one rather than wait for a database that hangs. */
const COLLECT_TIMEOUT_MS = 1_500;

export interface MetricsOptions {
  readonly roles: readonly Role[];
  /** What durations are marked with; without it they have no exemplars. */
  readonly traceId?: RecordedTraceId;
}

/** How often the event loop is looked at. Each look wakes the process: at prom-client's 10 ms an idle one cost a quarter of a percent of a core. */
const EVENT_LOOP_PRECISION_MS = 500;

export type Metrics = ReturnType<typeof createMetrics>;

/**
 * Every metric of the process, in a registry of its own. A metric appears in the scrape of the roles that fill it,
 * from the first scrape on; setting one of another role is harmless. docs/METRICS.md lists them; a test compares.
 */
export function createMetrics({ roles, traceId = () => undefined }: MetricsOptions) {
  const registry = createRegistry();
  const any = { registers: [registry] };
  const api = { registers: roles.includes('api') ? [registry] : [] };
  const worker = { registers: roles.includes('worker') ? [registry] : [] };
  const collectors: (() => Promise<void> | void)[] = [];
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: EVENT_LOOP_PRECISION_MS });

  return {
    /**
     * Asks those who registered with `onScrape`, then renders; late or failing answers keep the last values.
     * @param accept the Accept header of who asks
     */
    async scrape(accept?: string): Promise<Exposition> {
      await within(COLLECT_TIMEOUT_MS, Promise.allSettled(collectors.map(async (collect) => collect())));
      return expose(registry, accept);
    },
    /** Sets gauges that are read from elsewhere, just before they are shown. */
    onScrape(collect: () => Promise<void> | void): void {
      collectors.push(collect);
    },
    /** Names that users make become labels through these: after the first hundreds, others share the name `other`. */
    label: { workflow: createLabelBound(500), agent: createLabelBound(200), queue: createLabelBound(50) },

    httpRequestDurationSeconds: new Durations(
      {
        name: 'http_request_duration_seconds',
        help: 'Time to answer a request, by route pattern',
        labelNames: ['route', 'method', 'status'],
        buckets: HTTP_SECONDS,
        ...any,
      },
      traceId,
    ),
    dbPoolConnections: new Gauge({
      name: 'db_pool_connections',
      help: 'Connections of a database pool, by state: active, idle, waiting',
      labelNames: ['pool', 'state'],
      ...any,
    }),
    heapSizeBytes: new Gauge({
      name: 'heap_size_bytes',
      help: 'Heap in use by JavaScript objects',
      collect() {
        this.set(process.memoryUsage().heapUsed);
      },
      ...any,
    }),

    unreadableRowsTotal: new Counter({
      name: 'unreadable_rows_total',
      help: 'Stored rows that were malformed each time they were read, by what they are',
      labelNames: ['what'],
      ...any,
    }),

    workflowDurationSeconds: new Durations(
      {
        name: 'workflow_duration_seconds',
        help: 'Time from the start of a run to its end',
        labelNames: ['workflow', 'status'],
        buckets: SECONDS,
        ...worker,
      },
      traceId,
    ),
    agentRunsTotal: new Counter({
      name: 'agent_runs_total',
      help: 'Attempts of agents that ended, by outcome',
      labelNames: ['agent', 'status'],
      ...worker,
    }),
    agentDurationSeconds: new Durations(
      {
        name: 'agent_duration_seconds',
        help: 'Time of one attempt of an agent',
        labelNames: ['agent', 'status'],
        buckets: SECONDS,
        ...worker,
      },
      traceId,
    ),
    agentRetriesTotal: new Counter({
      name: 'agent_retries_total',
      help: 'Attempts after the first',
      labelNames: ['agent'],
      ...worker,
    }),
    agentQueueWaitSeconds: new Durations(
      {
        name: 'agent_queue_wait_seconds',
        help: 'Time from a node being ready to its attempt starting',
        buckets: SECONDS,
        ...worker,
      },
      traceId,
    ),
    reconcilerRepairsTotal: new Counter({
      name: 'reconciler_repairs_total',
      help: 'What the reconciler put right, by kind',
      labelNames: ['kind'],
      ...worker,
    }),
    reconcilerLastSuccessTimestampSeconds: new Gauge({
      name: 'reconciler_last_success_timestamp_seconds',
      help: 'When the reconciler last finished a round without an error, as Unix time',
      ...worker,
    }),

    workflowRunsTotal: new Counter({
      name: 'workflow_runs_total',
      help: 'Runs, by status reached and by what triggered them',
      labelNames: ['workflow', 'status', 'trigger'],
      ...api,
    }),
    workflowSuccessRate: new Gauge({
      name: 'workflow_success_rate',
      help: 'Share of the runs ended in the last hour that succeeded, 0 to 1; without a label for all workflows',
      labelNames: ['workflow'],
      ...api,
    }),
    workflowActiveRuns: new Gauge({
      name: 'workflow_active_runs',
      help: 'Runs that have not ended, by status',
      labelNames: ['status'],
      ...api,
    }),
    queueJobs: new Gauge({
      name: 'queue_jobs',
      help: 'Jobs in a queue, by state',
      labelNames: ['queue', 'state'],
      ...api,
    }),
    outboxPending: new Gauge({ name: 'outbox_pending', help: 'Events stored and not yet published', ...api }),
    outboxLagSeconds: new Gauge({
      name: 'outbox_lag_seconds',
      help: 'Age of the oldest event not yet published',
      ...api,
    }),
    webhookAlertsTotal: new Counter({
      name: 'webhook_alerts_total',
      help: 'Alerts received, by what became of them',
      labelNames: ['outcome'],
      ...api,
    }),
  };
}
