import { isTerminal } from '../../contracts/statuses.ts';
import { formatDuration } from '../duration.ts';
import { clip, oneLine, type Colours } from '../output.ts';
import type { AgentRunWire, RunWire } from '../wire.ts';
import type { Levels } from './levels.ts';
import { markOf, paintOf } from './marks.ts';
import type { LastLine } from './tail-logs.ts';

export interface TreeScene {
  readonly run: RunWire;
  readonly levels: Levels;
  readonly logs: ReadonlyMap<string, LastLine>;
  /** Milliseconds, of the clock that the times of the run came from. */
  readonly now: number;
  readonly columns: number;
  readonly rows: number;
  readonly colours: Colours;
}

const BAR_WIDTH = 10;
const MOST_ITEMS = 5;
const MOST_INDENT = 12;

/** The run as lines: one per node in the order of the graph, below it the items that need a look. */
export function treeLines(scene: TreeScene): string[] {
  const { run, colours, now, rows } = scene;
  const title = `${run.workflowName}  ${run.status}  ${formatDuration(elapsed(run, now))}`;
  const nodes = run.agentRuns.filter(({ itemIndex }) => itemIndex === null);
  const sorted = [...nodes].sort((a, b) => depthOf(scene, a) - depthOf(scene, b));
  const width = Math.max(...nodes.map((node) => indent(scene, node).length + node.nodeId.length));
  const lines = sorted.flatMap((node) => [nodeLine(scene, node, width), ...itemLines(scene, node, width)]);
  return [paintOf(colours, run.status)(title), ...within(lines, Math.max(3, rows - 3), colours)];
}

function depthOf({ levels }: TreeScene, { nodeId }: AgentRunWire): number {
  return levels.depth.get(nodeId) ?? 0;
}

function indent(scene: TreeScene, node: AgentRunWire): string {
  return '  '.repeat(1 + Math.min(depthOf(scene, node), MOST_INDENT));
}

function nodeLine(scene: TreeScene, node: AgentRunWire, width: number): string {
  const { colours, now, columns } = scene;
  const paint = paintOf(colours, node.status);
  const space = indent(scene, node);
  const facts = [
    node.nodeId.padEnd(width - space.length),
    (node.agent?.name ?? node.kind).padEnd(18),
    node.status.padEnd(9),
    formatDuration(elapsed(node, now)).padStart(7),
    ...(node.attempt > 1 ? [`attempt ${node.attempt}`] : []),
  ].join('  ');
  const room = columns - space.length - facts.length - 5;
  return `${space}${paint(`${markOf(node.status)} ${facts}`)}  ${colours.dim(clip(remark(scene, node), room))}`;
}

/** The one thing that is worth reading now. */
function remark({ run, levels, logs }: TreeScene, node: AgentRunWire): string {
  if (node.error) return oneLine(node.error.message);
  if (isTerminal(node.status)) return node.copiedFromRunId === null ? '' : 'taken over from an earlier run';
  const items = run.agentRuns.filter(({ nodeId, itemIndex }) => nodeId === node.nodeId && itemIndex !== null);
  if (items.length > 0) return `${items.filter(({ status }) => isTerminal(status)).length} of ${items.length} items`;
  if (node.waitingFor !== null) return waitingRemark(node);
  if (node.status === 'PENDING') return afterRemark(run, levels.after.get(node.nodeId) ?? []);
  const log = logs.get(node.id);
  return log === undefined ? '' : progressRemark(log);
}

function waitingRemark({ waitingFor, waitingUntil }: AgentRunWire): string {
  return `waits for ${waitingFor ?? ''}${waitingUntil === null ? '' : ` until ${waitingUntil}`}`;
}

function afterRemark(run: RunWire, dependencies: readonly string[]): string {
  const open = dependencies.filter((id) =>
    run.agentRuns.some((node) => node.nodeId === id && node.itemIndex === null && !isTerminal(node.status)),
  );
  return open.length === 0 ? '' : `after ${open.join(', ')}`;
}

function progressRemark({ text, progress }: LastLine): string {
  if (progress === undefined) return text;
  const full = Math.round(progress * BAR_WIDTH);
  return `${'█'.repeat(full)}${'░'.repeat(BAR_WIDTH - full)} ${text}`;
}

/** Items that run or failed; the count in the node's line tells of the others. */
function itemLines(scene: TreeScene, { nodeId }: AgentRunWire, width: number): string[] {
  const { run, colours, columns, now } = scene;
  const items = run.agentRuns.filter((row) => row.nodeId === nodeId && row.itemIndex !== null);
  const notable = items.filter(({ status }) => status === 'RUNNING' || status === 'FAILED');
  return notable.slice(0, MOST_ITEMS).map((item) => {
    const text = `${item.status}  ${formatDuration(elapsed(item, now))}  ${remark(scene, { ...item, nodeId: '' })}`;
    const label = `${' '.repeat(Math.max(0, width - 6))}[${item.itemIndex ?? 0}]`;
    return `  ${paintOf(colours, item.status)(clip(`${label}  ${text}`, columns - 2))}`;
  });
}

function elapsed(
  { startedAt, finishedAt, durationMs }: Pick<RunWire, 'startedAt' | 'finishedAt' | 'durationMs'>,
  now: number,
): number | null {
  if (startedAt === null) return null;
  return finishedAt === null ? Math.max(0, now - Date.parse(startedAt)) : durationMs;
}

/** A terminal can only redraw what fits on it. */
function within(lines: string[], most: number, colours: Colours): string[] {
  if (lines.length <= most) return lines;
  const shown = lines.slice(0, most - 1);
  return [...shown, colours.dim(`  … and ${lines.length - shown.length} more`)];
}
