import type { Config } from '../platform/config.ts';
import type { Hints } from '../platform/hints.ts';
import type { Logger } from '../platform/log.ts';
import type { Metrics } from '../platform/metrics.ts';
import type { Nats } from '../platform/nats.ts';
import type { QueueBackend } from '../platform/queues.ts';
import type { Database } from '../sql/pool.ts';
import type { RunControl } from '../flows/control.ts';
import type { Submitter } from '../flows/submit.ts';
import type { TokenDirectory } from './auth/token-directory.ts';
import type { Sessions } from './auth/sessions.ts';
import type { Probes } from './health/probes.ts';
import type { AlertWorkflows } from './webhooks/alert-workflows.ts';
import type { RunWatch } from './runs/run-watch.ts';

/** What the HTTP room needs from outside. */
export interface ApiParts {
  readonly config: Config;
  readonly db: Database;
  /** A small pool for /health/db, so that a busy main pool does not look like a lost one; `db` without it. */
  readonly healthDb?: Database;
  readonly queues: QueueBackend;
  readonly hints: Hints;
  /** Absent where the mirror is off. */
  readonly nats?: Nats | undefined;
  readonly submitter: Submitter;
  readonly control: RunControl;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** The executor's own `health`; absent where this process runs no agents. */
  readonly executorHealth?: (
    timeoutMs: number,
  ) => Promise<{ readonly ok: true } | { readonly ok: false; readonly error: string }>;
  /** Where the built console is; default: dist/web. */
  readonly consoleFolder?: string;
  /** Of this software, for the OpenAPI document. */
  readonly version?: string;
}

/** The same, with what the room makes for itself: what handlers get. */
export interface Api extends ApiParts {
  readonly consoleFolder: string;
  readonly directory: TokenDirectory;
  readonly sessions: Sessions;
  /** Every queue that workers consume; the gates are not among them. */
  readonly queueNames: () => Promise<readonly string[]>;
  readonly probes: Probes;
  /** The OpenAPI document as JSON text. */
  readonly openApi: () => string;
  readonly alertWorkflows: AlertWorkflows;
  readonly runWatch: RunWatch;
  /** Aborted when the service stops: what waits or streams ends. */
  readonly stopping: AbortSignal;
}
