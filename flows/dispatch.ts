import type { FlowJob, FlowParentJob, Job, JobsOptions, Queue } from 'bullmq';
import { FINALIZE_QUEUE, GATES_QUEUE, type FinalizeJob, type NodeJob } from '../contracts/jobs.ts';
import { createCombiner } from '../platform/combine.ts';
import { failpoint } from '../platform/failpoints.ts';
import type { Logger } from '../platform/log.ts';
import { isMissingScript, type QueueBackend } from '../platform/queues.ts';
import { createFairOrder, queuePriority, type QueueHead } from './fair-order.ts';
import { plantTree } from './job-tree.ts';
import type { JobTree, Plan, PlanGroup } from './plan.ts';

type FlowJobNode = NonNullable<FlowParentJob['children']>[number];

/** A run as its jobs know it. */
export interface DispatchedRun {
  readonly runId: string;
  readonly epoch: number;
  readonly versionId: number;
}

/** A node, or one instance of a forEach node (which never has a job in the flow). */
export interface PlainNode {
  readonly nodeIndex: number;
  readonly itemIndex?: number | null;
  readonly agentRunId?: string;
  /** How often a worker was lost with it: the job of a lost worker may still be there, so the next one has another id. */
  readonly lostAttempts?: number;
}

/** Where a node's job is: `live` will be looked at by a worker, `held` waits for children or its gate. */
export type JobPresence = 'live' | 'held' | 'missing';

/**
 * Puts jobs into the queues and takes them out. Nothing here decides anything: Postgres has decided, jobs are hints, and
 * every failure is repaired by the reconciler, so callers on the hot path may ignore the errors.
 */
export interface Dispatcher {
  /** Adds the run's flow: one atomic add. `settled`: nodes that need no job any more (a flow of the remaining nodes). */
  addFlow(plan: Plan, run: DispatchedRun, settled?: ReadonlySet<number>): Promise<void>;
  /** Removes the gate of a node that has no open dependency left, where it has one. */
  openGate(plan: Plan, run: DispatchedRun, nodeIndex: number): Promise<void>;
  /** Plain jobs, beside any flow: for instances of forEach nodes, and for nodes that lost their job. */
  addNodes(plan: Plan, run: DispatchedRun, nodes: readonly PlainNode[]): Promise<void>;
  /** Lets the parked job of a node look again now. False where there is no parked job. */
  promote(plan: Plan, run: DispatchedRun, node: PlainNode): Promise<boolean>;
  presence(plan: Plan, run: DispatchedRun, node: PlainNode): Promise<JobPresence>;
  /** Is the top of the run's flow still there? */
  hasRoot(plan: Plan, run: DispatchedRun): Promise<boolean>;
  /** Removes the run's flow with all its jobs that no worker holds. */
  removeFlow(plan: Plan, run: DispatchedRun): Promise<void>;
  /** Waits for adds under way. */
  idle(): Promise<void>;
}

/** A gate never opens by time: ten years, in a sorted set from which it is removed in O(log n). */
const GATE_DELAY_MS = 10 * 365 * 24 * 3600 * 1000;
/** Flows of several triggers go in one pipeline. */
const MOST_FLOWS_AT_ONCE = 50;
/** A large add stalls Redis for its whole length (10,000 jobs: 0.6 s), so instances go in chunks. */
const CHUNK = 200;

/** `attempts: 1`: Postgres owns retries. A failed job is kept for the dashboard, within bounds; others are not. */
const JOB_OPTIONS: JobsOptions = {
  attempts: 1,
  ignoreDependencyOnFailure: true,
  removeOnComplete: true,
  removeOnFail: { count: 1000 },
};

/**
 * A plain job has no parent that could be wedged by it, so its id may come again: while it is there, adding it once more
 * changes nothing. It is removed at its end, also when it failed.
 */
const PLAIN_OPTIONS: JobsOptions = { attempts: 1, removeOnComplete: true, removeOnFail: true };

/** `combine: false` adds each flow alone, so that its jobs carry the trace of the request that asked for it. */
export function createDispatcher(queues: QueueBackend, log: Logger, { combine = true } = {}): Dispatcher {
  const queue = (name: string): Queue => queues.queue(name);
  const order = createFairOrder((name) => headOf(queue(name)));

  /** What BullMQ gets for a job of each of these groups, in their order: agents take turns, steps are too short to. */
  async function prioritiesOf({ definition }: Plan, groups: readonly PlanGroup[]): Promise<(number | undefined)[]> {
    const workflow = `${definition.projectId}/${definition.name}`;
    const lanes = new Map<string, { readonly group: PlanGroup; readonly members: number[] }>();
    for (const [index, group] of groups.entries()) {
      const lane = `${group.queue} ${group.priority ?? 0}`;
      const known = lanes.get(lane);
      if (known) known.members.push(index);
      else lanes.set(lane, { group, members: [index] });
    }
    const priorities: (number | undefined)[] = groups.map(({ priority }) => queuePriority(0, priority));
    for (const { group, members } of lanes.values()) {
      if (group.pool === undefined) continue;
      const turns = await order.turns(group.queue, workflow, members.length, group.priority);
      for (const [nth, index] of members.entries()) priorities[index] = queuePriority(turns[nth] ?? 0, group.priority);
    }
    return priorities;
  }

  const addFlows = createCombiner<FlowJob, undefined>(
    async (flows) => {
      const [only] = flows;
      try {
        if (flows.length === 1 && only) await addOne(only);
        else await queues.flowProducer().addBulk(flows);
        failpoint('flow-added');
      } catch (error) {
        if (isMissingScript(error)) await queues.reconnectProducer();
        throw error;
      }
      return flows.map(() => undefined);
    },
    { maxBatch: combine ? MOST_FLOWS_AT_ONCE : 1, parallel: 2 },
  );

  /** A lone job, which is what transforms that hang together become, needs no transaction of Redis around it. */
  async function addOne(flow: FlowJob): Promise<void> {
    if (flow.children === undefined || flow.children.length === 0)
      await queue(flow.queueName).add(flow.name, flow.data, flow.opts);
    else await queues.flowProducer().add(flow);
  }

  return {
    async addFlow(plan, run, settled) {
      const groups = [...remainingGroups(plan, settled).values()];
      const priorities = await prioritiesOf(plan, groups);
      const priorityOf = new Map(groups.map(({ group }, index) => [group, priorities[index]]));
      await addFlows(flowOf(plan, run, settled, priorityOf));
    },
    async openGate(plan, run, nodeIndex) {
      const group = groupOf(plan, nodeIndex);
      if (group.dependencies.length === 0 && !group.waitsForAll) return;
      const removed = await queue(GATES_QUEUE).remove(jobId(plan, run, group));
      // What the removal of a child releases goes before all that have a priority, whatever its own is.
      if (removed === 1 && group.pool !== undefined) await takeOwnTurn(queue(group.queue), jobId(plan, run, group));
    },
    async addNodes(plan, run, nodes) {
      for (let start = 0; start < nodes.length; start += CHUNK) {
        const chunk = nodes.slice(start, start + CHUNK);
        const groups = chunk.map(({ nodeIndex }) => groupOf(plan, nodeIndex));
        const priorities = await prioritiesOf(plan, groups);
        const jobs = chunk.map((node, index) => {
          const group = groups[index] ?? groupOf(plan, node.nodeIndex);
          const opts = { ...withPriority(PLAIN_OPTIONS, priorities[index]), jobId: plainJobId(plan, run, group, node) };
          return { group, job: { ...nodeJob(plan, run, group, isInstance(node) ? node.agentRunId : undefined), opts } };
        });
        for (const [name, list] of byQueue(jobs)) await queue(name).addBulk(list);
      }
    },
    async promote(plan, run, node) {
      const group = groupOf(plan, node.nodeIndex);
      const ids = [plainJobId(plan, run, group, node), ...(isInstance(node) ? [] : [jobId(plan, run, group)])];
      const jobs = await Promise.all(ids.map((id) => queue(group.queue).getJob(id) as Promise<Job | undefined>));
      for (const job of jobs) {
        if (job === undefined || !(await job.isDelayed())) continue;
        try {
          await job.promote();
          return true;
        } catch (error) {
          // It woke by itself in between: the look that the caller wanted is under way.
          log.debug({ err: error, runId: run.runId }, 'a parked job was not promoted');
        }
      }
      return false;
    },
    async presence(plan, run, node) {
      const group = groupOf(plan, node.nodeIndex);
      const plain = await queue(group.queue).getJobState(plainJobId(plan, run, group, node));
      if (isLive(plain)) return 'live';
      if (isInstance(node)) return 'missing';
      const state = await queue(group.queue).getJobState(jobId(plan, run, group));
      if (state === 'waiting-children') return 'held';
      return isLive(state) ? 'live' : 'missing';
    },
    async hasRoot(plan, run) {
      const states = await Promise.all(rootsOf(plan, run).map(({ name, id }) => queue(name).getJobState(id)));
      return states.some(isLive);
    },
    async removeFlow(plan, run) {
      for (const { name, id } of rootsOf(plan, run)) {
        const root = await queue(name).getJob(id);
        await root?.remove({ removeChildren: true }).catch(() => undefined);
      }
      // A job that was held by a worker, or whose parent was gone already, is left: one by one.
      await Promise.allSettled(
        [...plan.groups.values()].map((group) =>
          queue(group.queue).remove(jobId(plan, run, group), { removeChildren: true }),
        ),
      );
    },
    idle: () => addFlows.idle(),
  };
}

/** The run's jobs as BullMQ takes them: the tree of flows/job-tree.ts with ids, gates and options. */
export function flowOf(
  plan: Plan,
  run: DispatchedRun,
  settled?: ReadonlySet<number>,
  priorityOf: ReadonlyMap<number, number | undefined> = new Map(),
): FlowJob {
  const groups = remainingGroups(plan, settled);
  const tree = settled === undefined ? plan.tree : plantTree(groups);
  const children = childrenOf(groups, tree);
  const jobOf = (group: PlanGroup): FlowParentJob => ({
    ...nodeJob(plan, run, group),
    queueName: group.queue,
    opts: { ...withPriority(JOB_OPTIONS, priorityOf.get(group.group)), jobId: jobId(plan, run, group) },
    children: [
      ...(tree.gated.has(group.group) ? [gateOf(plan, run, group)] : []),
      ...(children.get(group.group) ?? []).map(jobOf),
    ],
  });
  const top = tree.root === 'finalize' || settled !== undefined ? undefined : groups.get(tree.root);
  if (top) return withoutParent(jobOf(top));
  const tops = [...groups.values()].filter(({ group }) => !tree.parentOf.has(group));
  return {
    name: 'finalize',
    queueName: FINALIZE_QUEUE,
    data: { runId: run.runId, epoch: run.epoch, versionId: run.versionId } satisfies FinalizeJob,
    opts: { ...withoutDependency(JOB_OPTIONS), jobId: `${run.runId}.${run.epoch}` },
    children: tops.map(jobOf),
  };
}

function remainingGroups(plan: Plan, settled?: ReadonlySet<number>): ReadonlyMap<number, PlanGroup> {
  if (settled === undefined) return plan.groups;
  const open = [...plan.groups.values()].filter(({ nodes }) => nodes.some((index) => !settled.has(index)));
  const isOpen = new Set(open.map(({ group }) => group));
  const hasOthers = open.some(({ waitsForAll }) => !waitsForAll);
  return new Map(
    open.map((group) => [
      group.group,
      {
        ...group,
        dependencies: group.dependencies.filter((dependency) => isOpen.has(dependency)),
        waitsForAll: group.waitsForAll && hasOthers,
      },
    ]),
  );
}

function childrenOf(groups: ReadonlyMap<number, PlanGroup>, tree: JobTree): Map<number, PlanGroup[]> {
  const children = new Map<number, PlanGroup[]>();
  for (const [child, parent] of tree.parentOf) {
    const group = groups.get(child);
    if (group) children.set(parent, [...(children.get(parent) ?? []), group]);
  }
  return children;
}

function gateOf(plan: Plan, run: DispatchedRun, group: PlanGroup): FlowJobNode {
  return {
    name: 'gate',
    queueName: GATES_QUEUE,
    data: {},
    opts: { ...JOB_OPTIONS, jobId: jobId(plan, run, group), delay: GATE_DELAY_MS },
  };
}

function nodeJob(
  plan: Plan,
  run: DispatchedRun,
  group: PlanGroup,
  agentRunId?: string,
): { name: string; data: NodeJob } {
  return {
    name: nameOf(plan, group),
    data: {
      runId: run.runId,
      epoch: run.epoch,
      versionId: run.versionId,
      group: group.group,
      ...(agentRunId !== undefined && { agentRunId }),
    },
  };
}

function withPriority(options: JobsOptions, priority: number | undefined): JobsOptions {
  return priority === undefined ? options : { ...options, priority };
}

async function headOf(queue: Queue): Promise<QueueHead> {
  const { wait = 0, prioritized = 0 } = await queue.getJobCounts('wait', 'prioritized');
  const [next] = prioritized > 0 ? await queue.getPrioritized(0, 0) : [];
  return { waiting: wait + prioritized, priority: next?.opts.priority ?? null };
}

async function takeOwnTurn(queue: Queue, id: string): Promise<void> {
  const job = (await queue.getJob(id)) as Job | undefined;
  if (job?.priority) await job.changePriority({ priority: job.priority });
}

function isInstance({ itemIndex }: PlainNode): boolean {
  return itemIndex !== undefined && itemIndex !== null;
}

function isLive(state: string): boolean {
  return state !== 'unknown' && state !== 'completed' && state !== 'failed';
}

function withoutParent(job: FlowParentJob): FlowJob {
  const { children, ...alone } = job;
  const opts = withoutDependency(job.opts ?? {});
  return children.length > 0 ? { ...alone, opts, children } : { ...alone, opts };
}

function withoutDependency({ ignoreDependencyOnFailure: _, ...options }: JobsOptions): JobsOptions {
  return options;
}

/** A flow of remaining nodes always has `finalize` at its top, a whole one only where several groups are at the end. */
function rootsOf(plan: Plan, run: DispatchedRun): { name: string; id: string }[] {
  const finalize = { name: FINALIZE_QUEUE, id: `${run.runId}.${run.epoch}` };
  const top = plan.tree.root === 'finalize' ? undefined : groupOf(plan, plan.tree.root);
  return top === undefined ? [finalize] : [{ name: top.queue, id: jobId(plan, run, top) }, finalize];
}

function plainJobId(plan: Plan, run: DispatchedRun, group: PlanGroup, node: PlainNode): string {
  const of = isInstance(node) ? String(node.itemIndex) : 'again';
  return `${jobId(plan, run, group)}.${of}.${node.lostAttempts ?? 0}`;
}

/** Never used twice in a flow: adding a failed child again wedges its parent. A new flow of a run has a new epoch. */
function jobId(plan: Plan, run: DispatchedRun, group: PlanGroup): string {
  return `${run.runId}.${run.epoch}.${nameOf(plan, group)}`;
}

function nameOf(plan: Plan, group: PlanGroup): string {
  return plan.nodes[group.group]?.id ?? String(group.group);
}

function groupOf(plan: Plan, nodeIndex: number): PlanGroup {
  const group = plan.groups.get(plan.nodes[nodeIndex]?.group ?? -1);
  if (group === undefined) throw new Error(`The plan of ${plan.definition.name} has no node ${nodeIndex}`);
  return group;
}

function byQueue<T extends { group: PlanGroup; job: { name: string; data: NodeJob; opts: JobsOptions } }>(
  jobs: readonly T[],
) {
  const queues = new Map<string, T['job'][]>();
  for (const { group, job } of jobs) queues.set(group.queue, [...(queues.get(group.queue) ?? []), job]);
  return queues;
}
