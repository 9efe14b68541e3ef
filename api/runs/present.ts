import type { RunRow, RunWithNodes, NodeRow, AttemptRow } from '../../sql/queries/runs.ts';
import { unreadableNote } from '../unreadable.ts';
import type { AgentRunWire, RunSummaryWire, RunWire } from './schema.ts';

const BEGINNING_OF_TIME = new Date(0).toISOString();

/** @param traceUrl of the configuration: where people look at the trace of `{traceId}` */
export function presentRun(row: RunWithNodes, traceUrl: string | undefined): RunWire {
  const { traceId } = /^00-(?<traceId>[0-9a-f]{32})-/.exec(row.traceparent ?? '')?.groups ?? {};
  return {
    ...presentRunSummary(row),
    traceId: traceId ?? null,
    traceUrl: traceId === undefined ? null : (traceUrl?.replaceAll('{traceId}', traceId) ?? null),
    agentRuns: row.nodes.map(presentNode),
  };
}

export function presentRunSummary(row: RunRow): RunSummaryWire {
  return {
    id: row.id,
    workflowId: row.workflowId,
    workflowName: row.workflowName,
    workflowVersion: row.workflowVersion,
    projectId: row.projectId,
    status: row.status,
    trigger: row.trigger as RunSummaryWire['trigger'],
    input: row.input,
    output: row.output,
    error:
      row.errorCode === null || row.finishedAt === null
        ? null
        : { code: row.errorCode, message: row.errorMessage ?? '', nodeId: row.errorNodeId },
    labels: row.labels,
    createdAt: row.createdAt.toISOString(),
    startedAt: isoDate(row.startedAt),
    finishedAt: isoDate(row.finishedAt),
    updatedAt: row.updatedAt.toISOString(),
    durationMs: row.finishedAt && row.finishedAt.getTime() - (row.startedAt ?? row.createdAt).getTime(),
    deadlineAt: isoDate(row.deadlineAt),
    retryOf: row.retryOf,
    parentRunId: row.parentRunId,
    cancelRequestedAt: isoDate(row.cancelRequestedAt),
    cancelRequestedBy: row.cancelRequestedBy,
    pausedAt: isoDate(row.pausedAt),
    pausedBy: row.pausedBy,
    ...unreadableNote(row),
  };
}

export function presentNode(row: NodeRow): AgentRunWire {
  return {
    id: row.id,
    nodeId: row.nodeId,
    itemIndex: row.itemIndex,
    kind: row.kind as AgentRunWire['kind'],
    agent: presentAgent(row),
    status: row.status,
    attempt: row.attempt,
    input: row.input,
    output: row.output,
    item: row.item,
    error: presentError(row),
    exitCode: row.exitCode,
    workerId: row.workerId,
    waitingFor: row.lock !== null ? 'lock' : row.finishedAt === null ? row.waitingFor : null,
    waitingUntil: row.finishedAt === null ? iso(row.wakeAt) : null,
    waitingLock: presentLock(row.lock),
    progress: row.progress,
    approval: row.approval,
    childRunId: row.childRunId,
    copiedFromRunId: row.copiedFromRunId,
    readyAt: iso(row.readyAt),
    createdAt: isoText(row.createdAt),
    startedAt: iso(row.startedAt),
    finishedAt: iso(row.finishedAt),
    durationMs: duration(row.startedAt, row.finishedAt),
    attempts: presentAttempts(row),
  };
}

function presentLock(lock: NodeRow['lock']): AgentRunWire['waitingLock'] {
  if (lock === null) return null;
  const { key, mode, since, holder } = lock;
  const heldBy = holder && {
    workflowRunId: holder.runId,
    workflowName: holder.workflowName,
    nodeId: holder.nodeId,
    since: isoText(holder.since),
  };
  return { key, mode, since: isoText(since), heldBy };
}

/** An agent that was unregistered since keeps its name. */
function presentAgent({ agent, agentName }: NodeRow): AgentRunWire['agent'] {
  if (agentName === null) return null;
  return {
    id: agent?.id ?? null,
    name: agentName,
    version: agent?.version ?? null,
    riskLevel: agent?.riskLevel ?? null,
  };
}

/** Earlier attempts have rows of their own; the current one is the node's row. */
function presentAttempts(row: NodeRow): AgentRunWire['attempts'] {
  const earlier = (row.attempts ?? []).map(presentAttempt);
  if (row.attempt === 0 || earlier.some(({ attempt }) => attempt === row.attempt)) return earlier;
  return [...earlier, presentAttempt({ ...row, retryAt: null })];
}

function presentAttempt(row: AttemptRow): AgentRunWire['attempts'][number] {
  return {
    attempt: row.attempt,
    status: row.status as AgentRunWire['status'],
    error: presentError(row),
    exitCode: row.exitCode,
    workerId: row.workerId,
    startedAt: iso(row.startedAt),
    finishedAt: iso(row.finishedAt),
    durationMs: duration(row.startedAt, row.finishedAt),
    retryAt: iso(row.retryAt),
  };
}

function presentError({
  errorCode,
  errorMessage,
}: Pick<AttemptRow, 'errorCode' | 'errorMessage'>): AgentRunWire['error'] {
  return errorCode === null ? null : { code: errorCode, message: errorMessage ?? '' };
}

function duration(from: string | null, to: string | null): number | null {
  const ms = from === null || to === null ? NaN : Date.parse(to) - Date.parse(from);
  return Number.isNaN(ms) ? null : Math.max(0, ms);
}

/** Null for what no calendar has (`infinity`): Postgres stores it, JSON cannot say it. */
function iso(text: string | null): string | null {
  const ms = text === null ? NaN : Date.parse(text);
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}

/** As `iso`, where a time must stand: then it is the beginning of time. */
function isoText(text: string): string {
  return iso(text) ?? BEGINNING_OF_TIME;
}

function isoDate(date: Date | null): string | null {
  return date === null ? null : date.toISOString();
}
