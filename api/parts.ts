import type { Config } from '../platform/config.ts';
import type { Hints } from '../platform/hints.ts';
import type { Logger } from '../platform/log.ts';
import type { Metrics } from '../platform/metrics.ts';
import type { Nats } from '../platform/nats.ts';
import type { QueueBackend } from '../platform/queues.ts';
import type { Tracing } from '../platform/telemetry.ts';
import type { Database } from '../sql/pool.ts';
import type { RunControl } from '../flows/control.ts';
import type { Submitter } from '../flows/submit.ts';

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
  /** Absent: requests are not traced. */
  readonly tracing?: Tracing;
  /** The executor's own `health`; absent where this process runs no agents. */
  readonly executorHealth?: (
    timeoutMs: number,
  ) => Promise<{ readonly ok: true } | { readonly ok: false; readonly error: string }>;
  /** The value of a secret that a webhook's sender has to know; undefined for one that is not set. */
  readonly secret?: (name: string) => string | undefined;
  /** Where the built console is; default: dist/web. */
  readonly consoleFolder?: string;
}
