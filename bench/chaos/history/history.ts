/** Everything that is left of a time of chaos: what the checks read, and nothing else. Times are milliseconds since 1970. */
export interface History {
  readonly runs: readonly RunRow[];
  readonly nodes: readonly NodeRow[];
  readonly edges: readonly EdgeRow[];
  /** By run, then by sequence. */
  readonly events: readonly EventRow[];
  /** What agents wrote about themselves, in order. */
  readonly journal: readonly JournalLine[];
  /** What callers were told, in order. */
  readonly answers: readonly CallerAnswer[];
  /** What JetStream holds, in its order; absent where the mirror was off. */
  readonly stream?: readonly StreamMessage[];
  /** Keys of jobs in Redis, without those of kept failed jobs. */
  readonly jobKeys: readonly string[];
  /** What still lives of attempts. */
  readonly leftovers: readonly Leftover[];
  /** Connections that have been idle in a transaction for a while. */
  readonly idleInTransaction: readonly string[];
  /** Where the secret that agents got was seen. */
  readonly exposures: readonly string[];
  /** The outcomes of the same load without faults, by the caller's key; absent where there was no such run. */
  readonly twin?: Readonly<Record<string, string>>;
}

export interface RunRow {
  readonly id: string;
  readonly versionId: number;
  readonly status: string;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly errorNodeId: string | null;
  readonly endAs: string | null;
  readonly cancelRequested: boolean;
  readonly hasOutput: boolean;
  readonly finishedAt: number | null;
}

export interface NodeRow {
  readonly id: string;
  readonly runId: string;
  readonly nodeIndex: number;
  readonly nodeId: string;
  readonly itemIndex: number | null;
  readonly kind: string;
  readonly status: string;
  readonly finally: boolean;
  readonly allowFailure: boolean;
  readonly attempt: number;
  readonly lostAttempts: number;
  /** What its definition allows. */
  readonly attemptLimit: number;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly output: unknown;
  readonly copied: boolean;
}

export interface EdgeRow {
  readonly versionId: number;
  readonly from: number;
  readonly to: number;
}

export interface EventRow {
  readonly runId: string;
  readonly sequence: number;
  readonly type: string;
  readonly agentRunId: string | null;
  readonly nodeId: string | null;
  readonly status: string | null;
  readonly at: number;
}

export interface JournalLine {
  readonly at: number;
  readonly what: 'start' | 'beat' | 'end' | 'fail';
  readonly runId: string;
  readonly nodeId: string;
  /** The id of the node's row: the same for all its attempts. */
  readonly key: string;
  readonly attempt: number;
  readonly pid: number;
}

export interface CallerAnswer {
  readonly at: number;
  readonly kind: 'trigger' | 'alert';
  /** The caller's idempotency key, or the alert's name. */
  readonly key: string;
  /** Of HTTP; 0 where the connection was lost. */
  readonly status: number;
  readonly runId?: string;
}

export interface StreamMessage {
  readonly id: string;
  readonly runId: string;
  readonly sequence: number;
  readonly type: string;
}

export interface Leftover {
  readonly kind: 'process' | 'folder';
  readonly name: string;
  readonly runId: string;
}

export const TERMINAL = new Set(['SUCCESS', 'FAILED', 'CANCELLED', 'SKIPPED']);
export const NODE_ENDED = new Set(['node.succeeded', 'node.failed', 'node.skipped', 'node.cancelled']);
export const RUN_ENDED = new Set(['run.succeeded', 'run.failed', 'run.cancelled']);

export function groupBy<T, K>(values: readonly T[], keyOf: (value: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return groups;
}
