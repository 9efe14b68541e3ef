import { randomUUID } from 'node:crypto';
import type { NodeJob } from '../contracts/jobs.ts';
import type { Plan, PlanGroup, PlanNode } from '../flows/plan.ts';
import type { Scope } from '../flows/expressions.ts';
import type { Plans } from '../flows/plans.ts';
import { failpoint } from '../platform/failpoints.ts';
import { NO_TRACING, type SpanSettings, type Tracing } from '../platform/telemetry.ts';
import type { ClaimAnswer } from '../sql/queries/engine.ts';
import { releaseLocks } from '../sql/queries/locks.ts';
import type { AgentsHere } from './agents-here.ts';
import { decideNode, type DecisionParts } from './decide.ts';
import { LEASE_SECONDS } from './lease.ts';
import { lookAgain } from './look-again.ts';
import { isPlainTransform } from './map-transforms.ts';
import { wakeNextInTurn } from './next-in-turn.ts';
import { DONE, park, type JobOutcome } from './outcome.ts';
import { runAgent, type AgentRunParts, type AgentTurn } from './run-agent.ts';
import { itemOf, runGroupAtOnce, runTransforms } from './transforms.ts';
import { isGuarded } from './triggers/guards.ts';

export interface NodeExecutionParts extends DecisionParts, AgentRunParts {
  readonly plans: Plans;
  readonly agents: AgentsHere;
  readonly workerId: string;
  readonly tracing?: Tracing;
}

/** An agent that an operator has paused starts nothing new; its nodes look again. */
const PAUSED_AGENT_MS = 5000;

type Claimed = Extract<ClaimAnswer, { claimed: unknown }>;

/**
 * The way of every node: decide what is to be decided, claim it, run it. The job is a hint; whether there is anything to
 * do, and the right to do it, come from Postgres. A crash between any two steps is repaired by doing this again.
 */
export function createNodeExecution(parts: NodeExecutionParts): (job: NodeJob) => Promise<JobOutcome> {
  return async function executeNode(job) {
    failpoint('job-fetched');
    const plan = await parts.plans.get(job.versionId);
    const group = plan.groups.get(job.group);
    const head = group && plan.nodes[group.group];
    if (group === undefined || head === undefined) return DONE;

    const decided = await decideFirst(job, plan, head, parts);
    if (decided) return decided;
    if (isPureGroup(job, head) && (await runGroupAtOnce(job, plan, group, parts))) return DONE;

    const token = randomUUID();
    const answer = await claim(job, group, token, parts);
    if ('reason' in answer) return lookAgain(answer, parts.clock.now());
    failpoint('claimed');
    return run(job, { plan, group }, answer, token, parts);
  };
}

async function decideFirst(
  job: NodeJob,
  plan: Plan,
  node: PlanNode,
  parts: NodeExecutionParts,
): Promise<JobOutcome | null> {
  const agent = node.node.kind === 'agent' ? await parts.agents.find(node.node.agent) : null;
  if (agent?.paused) return park(PAUSED_AGENT_MS);
  if (!node.decides && !agent?.needsApproval && !isGuarded(plan, node)) return null;
  if (job.agentRunId !== undefined && isPlainTransform(node)) return null; // its map was decided
  return decideNode(job, plan, node, agent, parts);
}

function isPureGroup({ agentRunId }: NodeJob, { node, decides }: PlanNode): boolean {
  return node.kind === 'transform' && !decides && agentRunId === undefined;
}

function claim(
  job: NodeJob,
  group: PlanGroup,
  token: string,
  { engine, workerId }: NodeExecutionParts,
): Promise<ClaimAnswer> {
  return engine.claim({
    runId: job.runId,
    epoch: job.epoch,
    ...(job.agentRunId !== undefined && { agentRunId: job.agentRunId }),
    nodes: group.nodes,
    ...(group.pool !== undefined && { pool: group.pool }),
    token,
    workerId,
    leaseSeconds: LEASE_SECONDS,
    // a group may have been left half done, and what is left of it reads what is done
    needs: group.nodes.length > 1 ? [...group.needs, ...group.nodes] : group.needs,
    withRun: group.needsRun,
  });
}

async function run(
  job: NodeJob,
  { plan, group }: { readonly plan: Plan; readonly group: PlanGroup },
  answer: Claimed,
  token: string,
  parts: NodeExecutionParts,
): Promise<JobOutcome> {
  const { runId } = job;
  const { workerId } = parts;
  const [first] = answer.claimed;
  const node = first && plan.nodes[first.nodeIndex];
  if (first === undefined || node === undefined) return DONE;
  const waitedMs = parts.clock.now() - Date.parse(first.readyAt ?? '');
  if (Number.isFinite(waitedMs)) parts.metrics.agentQueueWaitSeconds.record({}, Math.max(0, waitedMs / 1000));
  const scope = scopeOf(runId, plan, answer);
  try {
    if (node.node.kind === 'transform') {
      return await runTransforms(plan, { runId, token, workerId, scope, claimed: answer.claimed }, parts.engine);
    }
    const withOwnItem = { ...scope, ...itemOf(first) };
    const turn = { runId, token, workerId, node, claimed: first, scope: withOwnItem };
    const { tracing = NO_TRACING } = parts;
    return await tracing.span(`node ${node.id}`, spanOf(turn), () =>
      runAgent({ ...turn, traceparent: tracing.traceparent() ?? ownTraceparent(turn) }, parts),
    );
  } finally {
    // what is not given back here is when the claim is over
    if (node.node.locks) await releaseLocks(parts.db, [first.agentRunId]).catch(() => undefined);
    const { pool } = group;
    if (node.node.kind === 'agent' && pool !== undefined)
      await wakeNextInTurn({ agent: node.node.agent, pool, runId }, parts).catch(() => undefined);
  }
}

function spanOf({ runId, workerId, node, claimed }: AgentTurn): SpanSettings {
  const agent = node.node.kind === 'agent' ? { agent: node.node.agent } : {};
  return { attributes: { run: runId, node: node.id, attempt: claimed.attempt, worker: workerId, ...agent } };
}

/** Without tracing of ours an agent's own spans still belong together: the run is the trace, not recorded (flags 00). */
function ownTraceparent({ runId, claimed }: AgentTurn): string {
  const hex = (id: string, digits: number) => id.replaceAll('-', '').slice(0, digits);
  return `00-${hex(runId, 32)}-${hex(claimed.agentRunId, 16)}-00`;
}

function scopeOf(runId: string, plan: Plan, { run: facts, nodes }: Claimed): Scope {
  const { definition } = plan;
  return { input: facts?.input ?? null, run: { ...facts, id: runId, workflow: definition.name }, nodes };
}
