/**
 * What a job in a queue carries: ids only, under a kilobyte, and no result. State is never read from a job; the worker
 * asks Postgres.
 */
export interface NodeJob {
  readonly runId: string;
  readonly epoch: number;
  readonly versionId: number;
  /** Index of the job group's first node (flows/fuse.ts). */
  readonly group: number;
  /** One instance of a forEach node; absent for the node itself. */
  readonly agentRunId?: string;
}

/** The root of a run whose graph has several ends; wakes when everything has settled. */
export interface FinalizeJob {
  readonly runId: string;
  readonly epoch: number;
  readonly versionId: number;
}

/** The queue of everything that runs without a process: transforms, waits, sub-workflows. */
export const STEPS_QUEUE = 'steps';

/** The queue of a worker pool's agents. */
export function agentsQueue(pool?: string): string {
  return pool === undefined || pool === 'default' ? 'agents' : `agents-${pool}`;
}

export const FINALIZE_QUEUE = 'finalize';
/** No worker consumes it: its jobs hold back nodes whose dependencies are not all their children. */
export const GATES_QUEUE = 'gates';
