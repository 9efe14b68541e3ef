/**
 * The engine in small: claim, settle, release and rebuild over a small graph, with two workers. What is kept is what the
 * real one keeps (Postgres, Redis, each worker's memory), what is left out is what cannot change the outcome: inputs,
 * outputs, time. Clocks are replaced by their worst case: a lease may run out at any moment after its worker was lost or
 * stopped, and never before (that is what fencing and the reaper are for; `fenced: false` takes them away).
 */
export interface State {
  readonly nodes: readonly NodeState[];
  /** Open nodes, counted down by settles. */
  readonly open: number;
  readonly ended: boolean;
  /** How often the run was ended: must be one. */
  readonly ends: number;
  readonly epoch: number;
  /** Jobs that a worker may fetch, or holds: `${epoch}.${node}`; a plain one beside the flow has no epoch of its own. */
  readonly jobs: readonly Job[];
  readonly workers: readonly WorkerState[];
  /** Faults that may still happen. */
  readonly faultsLeft: number;
}

export interface NodeState {
  readonly status: 'PENDING' | 'RUNNING' | 'SUCCESS';
  /** Open dependencies. */
  readonly pending: number;
  readonly token: number | null;
  readonly attempt: number;
  /** Terminal results that were written: must be at most one. */
  readonly results: number;
}

export interface Job {
  readonly node: number;
  readonly epoch: number;
  /** Waits for its gate or its children. */
  readonly held: boolean;
}

/** What one worker is doing, and what of it the world would see if it died now. */
export type WorkerState =
  | { readonly step: 'idle' }
  | { readonly step: 'fetched'; readonly job: Job }
  /** Has committed its claim and runs the agent. */
  | { readonly step: 'running'; readonly job: Job; readonly token: number }
  /** The agent has ended, its result is not written. */
  | { readonly step: 'result'; readonly job: Job; readonly token: number }
  /** The settle is committed; the gates that it opened are not removed yet. */
  | { readonly step: 'settled'; readonly job: Job; readonly gates: readonly number[] }
  /** Stopped in the middle of an execution, as by SIGSTOP; goes on later with what it knew. */
  | { readonly step: 'stopped'; readonly was: 'running' | 'result'; readonly job: Job; readonly token: number };

export interface Graph {
  readonly size: number;
  /** From a lower to a higher node. */
  readonly edges: readonly (readonly [from: number, to: number])[];
}

export function initialState({ size, edges }: Graph, workers: number, faults: number): State {
  const pendingOf = (node: number) => edges.filter(([, to]) => to === node).length;
  return {
    nodes: Array.from({ length: size }, (_, node) => ({
      status: 'PENDING',
      pending: pendingOf(node),
      token: null,
      attempt: 0,
      results: 0,
    })),
    open: size,
    ended: false,
    ends: 0,
    epoch: 1,
    jobs: [], // committed, the flow is not added yet
    workers: Array.from({ length: workers }, () => ({ step: 'idle' })),
    faultsLeft: faults,
  };
}
