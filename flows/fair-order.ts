/**
 * Who is next in a queue of agents, so that a workflow with thousands of jobs in it does not hold up the others. BullMQ takes
 * jobs in the order of their priority, and those of one priority in the order of their coming. So each job gets a turn as its
 * priority: a workflow's first jobs have turn 0 (no priority, which is before all others), the next ones turn 1, and so on; and
 * nobody's turn is before the one that is being served. That is start-time fair queueing: workflows that wait alternate, each
 * new one enters where the queue stands, and none can be overtaken for ever, since turns only grow.
 *
 * It is kept in the memory of each process that adds jobs: forgetting it, or several processes, makes the order less exact and
 * nothing wrong. Considered and left: a queue per workflow (a blocking connection each), holding back jobs in Postgres (a
 * wake-up for every job), BullMQ's groups (not in the open version).
 */
export interface FairOrder {
  /** The turns of `count` more jobs of a workflow in a queue. */
  turns(queue: string, workflow: string, count: number, priority?: number): Promise<number[]>;
}

/** What the queue looks like: how many wait in all, and the priority of the one that is next of those that have one. */
export interface QueueHead {
  readonly waiting: number;
  readonly priority: number | null;
}

/** Jobs of a workflow that have the same turn: what another one waits for at most, per workflow. */
export const JOBS_PER_TURN = 16;
/** BullMQ has 2^21 priorities; a node's own (up to 1,000) stands before its turn. */
const TURNS = 2_000;

/** What BullMQ gets: the node's own priority decides before the turn; a job with neither is before all that have one. */
export function queuePriority(turn: number, priority = 0): number | undefined {
  const value = priority * TURNS + Math.min(turn, TURNS - 1);
  return value === 0 ? undefined : value;
}

interface Lane {
  /** Jobs that each workflow has been given a turn for since the queue was last empty. */
  readonly given: Map<string, number>;
  looking?: Promise<void> | undefined;
  /** The turn that is being served, among jobs of the own priority `priority`. */
  served: { readonly priority: number; readonly turn: number };
}

/** @param head reads a queue; asked only for a workflow that has had a whole turn since the queue was last empty */
export function createFairOrder(head: (queue: string) => Promise<QueueHead>): FairOrder {
  const lanes = new Map<string, Lane>();

  function laneOf(queue: string): Lane {
    const lane = lanes.get(queue) ?? { given: new Map<string, number>(), served: { priority: 0, turn: 0 } };
    lanes.set(queue, lane);
    return lane;
  }

  async function look(queue: string, lane: Lane): Promise<void> {
    const { waiting, priority } = await head(queue);
    if (waiting === 0) lane.given.clear();
    const value = waiting === 0 ? 0 : (priority ?? 0);
    lane.served = { priority: Math.floor(value / TURNS), turn: value % TURNS };
  }

  return {
    async turns(queue, workflow, count, priority = 0) {
      const lane = laneOf(queue);
      const key = `${priority} ${workflow}`;
      if ((lane.given.get(key) ?? 0) + count > JOBS_PER_TURN) {
        lane.looking ??= look(queue, lane).finally(() => (lane.looking = undefined));
        await lane.looking;
      }
      const { served } = lane;
      const entry = served.priority === priority ? served.turn * JOBS_PER_TURN : 0;
      const first = Math.max(lane.given.get(key) ?? 0, entry);
      lane.given.set(key, first + count);
      return Array.from({ length: count }, (_, index) => Math.floor((first + index) / JOBS_PER_TURN));
    },
  };
}
