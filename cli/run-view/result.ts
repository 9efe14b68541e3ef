import { isTerminal } from '../../contracts/statuses.ts';
import { formatDuration } from '../duration.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { clip, oneLine, type Output } from '../output.ts';
import type { AgentRunWire, RunWire } from '../wire.ts';
import { markOf, paintOf } from './marks.ts';

/** 0 for SUCCESS; a run that has not ended is no failure. */
export function exitCodeOf({ status }: Pick<RunWire, 'status'>): ExitCode {
  return !isTerminal(status) || status === 'SUCCESS' ? EXIT.ok : EXIT.failed;
}

/** The run as a table of its nodes, and below it why it failed. */
export function printResult(out: Output, run: RunWire): void {
  const { colours } = out;
  const rows = run.agentRuns.map((node) => [
    paintOf(colours, node.status)(`${markOf(node.status)} ${node.nodeId}${itemOf(node)}`),
    node.agent?.name ?? node.kind,
    node.status,
    String(node.attempt),
    formatDuration(node.durationMs),
    colours.dim(clip(oneLine(noteOf(node)), 60)),
  ]);
  out.table(['node', 'runs', 'status', 'attempt', 'time', ''], rows);
  out.line();
  out.line(paintOf(colours, run.status)(`${run.status}  ${run.workflowName} in ${formatDuration(run.durationMs)}`));
  if (run.error)
    out.line(`${run.error.nodeId === null ? '' : `${run.error.nodeId}: `}${run.error.message} (${run.error.code})`);
}

function itemOf({ itemIndex }: AgentRunWire): string {
  return itemIndex === null ? '' : `[${itemIndex}]`;
}

function noteOf({ error, copiedFromRunId, waitingFor, finishedAt }: AgentRunWire): string {
  if (error) return error.message;
  if (copiedFromRunId !== null) return `from run ${copiedFromRunId}`;
  return finishedAt === null && waitingFor !== null ? `waits for ${waitingFor}` : '';
}
