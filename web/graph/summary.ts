import type { NodeStatus } from '../../contracts/statuses.ts';
import type { AgentRun, DefinitionNode } from '../wire.ts';
import type { Box } from './collapse.ts';

/** What one box of the graph shows. */
export interface BoxSummary {
  readonly title: string;
  readonly subtitle: string;
  /** Of the node, or the most telling one of many; null in a graph without a run. */
  readonly status: NodeStatus | null;
  /** How many instances or members have each status; empty where the box is one node. */
  readonly counts: readonly (readonly [NodeStatus, number])[];
  readonly marks: readonly string[];
  readonly attempt: number;
}

/** Of many, the first of these that any has. */
const MOST_TELLING: readonly NodeStatus[] = [
  'FAILED',
  'WAITING_APPROVAL',
  'RUNNING',
  'PAUSED',
  'PENDING',
  'CANCELLED',
  'SUCCESS',
  'SKIPPED',
];

export interface NodeRows {
  /** The node's own row. */
  readonly row: AgentRun | undefined;
  /** The instances of a forEach node. */
  readonly items: readonly AgentRun[];
}

/** The rows of a run by node. */
export function rowsByNode(rows: readonly AgentRun[]): ReadonlyMap<string, NodeRows> {
  const found = new Map<string, { row: AgentRun | undefined; items: AgentRun[] }>();
  for (const row of rows) {
    const known = found.get(row.nodeId) ?? { row: undefined, items: [] };
    if (row.itemIndex === null) known.row = row;
    else known.items.push(row);
    found.set(row.nodeId, known);
  }
  return found;
}

export function summarise(
  box: Box,
  nodes: ReadonlyMap<string, DefinitionNode>,
  rows: ReadonlyMap<string, NodeRows> | undefined,
): BoxSummary {
  const [first = ''] = box.members;
  if (box.shape !== 'node') return summariseMany(box, nodes, rows);
  const node = nodes.get(first);
  const { row, items = [] } = rows?.get(first) ?? {};
  return {
    title: first,
    subtitle: describeKind(node, row),
    status: row?.status ?? null,
    counts: countStatuses(items),
    marks: marksOf(node),
    attempt: row?.attempt ?? 0,
  };
}

function summariseMany(
  box: Box,
  nodes: ReadonlyMap<string, DefinitionNode>,
  rows: ReadonlyMap<string, NodeRows> | undefined,
): BoxSummary {
  const members = box.members.flatMap((id) => rows?.get(id)?.row ?? []);
  const counts = countStatuses(members);
  const kinds = new Set(box.members.map((id) => describeKind(nodes.get(id), undefined)));
  return {
    title: `${box.members.length} ${box.shape === 'chain' ? 'in a row' : 'side by side'}`,
    subtitle: kinds.size === 1 ? ([...kinds][0] ?? '') : `${box.members[0] ?? ''} … ${box.members.at(-1) ?? ''}`,
    status: MOST_TELLING.find((status) => counts.some(([counted]) => counted === status)) ?? null,
    counts,
    marks: [],
    attempt: 0,
  };
}

export function countStatuses(rows: readonly AgentRun[]): [NodeStatus, number][] {
  return MOST_TELLING.flatMap((status): [NodeStatus, number][] => {
    const count = rows.filter((row) => row.status === status).length;
    return count > 0 ? [[status, count]] : [];
  });
}

/** What a node does: its agent, its sub-workflow, or its kind in words. */
export function describeKind(node: DefinitionNode | undefined, row: AgentRun | undefined): string {
  if (node?.agent !== undefined) return node.agent;
  if (row?.agent) return row.agent.name;
  if (node?.workflow !== undefined) return `workflow ${node.workflow}`;
  if (node?.signal) return `waits for signal ${node.signal.name}`;
  const kind = node?.kind ?? row?.kind ?? 'node';
  return kind === 'awaitResolved' ? 'waits until resolved' : kind;
}

function marksOf(node: DefinitionNode | undefined): string[] {
  if (!node) return [];
  return [
    ...(node.forEach === undefined ? [] : ['for each']),
    ...(node.approval === undefined || node.approval === false ? [] : ['approval']),
    ...(node.finally ? ['finally'] : []),
    ...(node.when === undefined ? [] : ['when']),
    ...(node.allowFailure ? ['may fail'] : []),
  ];
}
