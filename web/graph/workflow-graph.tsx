import '@xyflow/react/dist/base.css';
import './graph.css';
import { Background, Controls, MiniMap, ReactFlow, type NodeChange, type ReactFlowInstance } from '@xyflow/react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { STATUS_LABELS } from '../components/status.tsx';
import type { AgentRun, DefinitionNode, Edge } from '../wire.ts';
import { BoxNode, type BoxFlowNode } from './box-node.tsx';
import { collapse, uncollapsed, type Box } from './collapse.ts';
import { GraphBar } from './graph-bar.tsx';
import { BOX_HEIGHT, BOX_WIDTH, layOut, type Layout, type RoutedEdge } from './layout.ts';
import { RouteEdge, type RouteFlowEdge } from './route-edge.tsx';
import { rowsByNode, summarise, type BoxSummary } from './summary.ts';

type Flow = ReactFlowInstance<BoxFlowNode, RouteFlowEdge>;

interface Props {
  readonly nodes: readonly DefinitionNode[];
  readonly edges: readonly Edge[];
  /** The rows of a run; absent for a definition. */
  readonly rows?: readonly AgentRun[];
  readonly selected?: string | null;
  readonly onSelect: (nodeId: string) => void;
}

const NODE_TYPES = { box: BoxNode };
const EDGE_TYPES = { route: RouteEdge };
/** More nodes than this are shown joined at first. */
const MOST_APART = 40;
/** The whole graph is not shown smaller than this: it begins at its left instead. */
const LEAST_ZOOM = 0.45;
/** What stands above the canvas. */
const BAR_HEIGHT = 52;

/** The whole graph, also what has not started: pan, zoom, choose with mouse or keyboard. */
export default function WorkflowGraph({ nodes, edges, rows, selected = null, onSelect }: Props) {
  const [joined, setJoined] = useState(nodes.length > MOST_APART);
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const flow = useRef<Flow>(null);
  const ids = useMemo(() => nodes.map(({ id }) => id), [nodes]);
  const graph = useMemo(
    () => (joined ? collapse(ids, edges, opened) : uncollapsed(ids, edges)),
    [ids, edges, joined, opened],
  );
  const layout = useMemo(
    () =>
      layOut(
        graph.boxes.map(({ id }) => id),
        graph.edges,
      ),
    [graph],
  );
  const flowNodes = useFlowNodes({ boxes: graph.boxes, positions: layout.positions, nodes, rows, selected });
  const flowEdges = useMemo(() => layout.edges.map(asFlowEdge), [layout]);

  const show = (instance: Flow | null): void =>
    void showStart(instance, graph.boxes.find((box) => isSelected(box, selected))?.id);
  useEffect(() => show(flow.current), [graph]);
  const onNodesChange = (changes: readonly NodeChange<BoxFlowNode>[]): void => {
    for (const change of changes) {
      const box =
        change.type === 'select' && change.selected ? graph.boxes.find(({ id }) => id === change.id) : undefined;
      if (box?.shape === 'node') onSelect(box.id);
      else if (box) setOpened(new Set([...opened, box.id]));
    }
  };
  const find = (text: string): void => {
    const match = ids.find((id) => id === text) ?? ids.find((id) => id.toLowerCase().includes(text.toLowerCase()));
    if (match === undefined) return;
    onSelect(match);
    const box = graph.boxes.find(({ members }) => members.includes(match));
    const position = layout.positions.get(box?.id ?? '');
    if (position)
      void flow.current?.setCenter(position.x + BOX_WIDTH / 2, position.y + BOX_HEIGHT / 2, {
        zoom: 0.9,
        duration: 200,
      });
  };
  return (
    <div className="graph" style={{ height: `clamp(300px, ${heightOf(layout) + BAR_HEIGHT}px, max(420px, 64vh))` }}>
      <GraphBar
        ids={ids}
        joined={joined}
        canJoin={nodes.length > MOST_APART}
        opened={opened.size}
        onJoin={(join) => {
          setJoined(join);
          setOpened(new Set());
        }}
        onFind={find}
      />
      <div className="graph-canvas" aria-label="Graph of the workflow" role="group">
        <ReactFlow<BoxFlowNode, RouteFlowEdge>
          nodes={flowNodes}
          edges={flowEdges}
          nodeTypes={NODE_TYPES}
          edgeTypes={EDGE_TYPES}
          onInit={(instance) => {
            flow.current = instance;
            show(instance);
          }}
          onNodesChange={onNodesChange}
          onlyRenderVisibleElements={graph.boxes.length > 150}
          nodesDraggable={false}
          nodesConnectable={false}
          edgesFocusable={false}
          elevateNodesOnSelect={false}
          minZoom={0.03}
          maxZoom={1.6}
          preventScrolling={false}
          proOptions={{ hideAttribution: true }}
        >
          <Background gap={22} size={1} />
          <Controls showInteractive={false} orientation="horizontal" />
          {graph.boxes.length > 20 && (
            <MiniMap pannable zoomable nodeClassName={minimapClass} ariaLabel="Map of the whole graph" />
          )}
        </ReactFlow>
      </div>
    </div>
  );
}

/** Of the whole graph with some air around it, in pixels. */
function heightOf({ positions }: Layout): number {
  const heights = [...positions.values()].map(({ y }) => y);
  return heights.length === 0
    ? 0
    : heights.reduce((a, b) => Math.max(a, b)) - heights.reduce((a, b) => Math.min(a, b)) + BOX_HEIGHT * 4;
}

/** Shows all of a small graph; of a large one what is chosen, else its beginning, large enough to be read. */
async function showStart(flow: Flow | null, chosen: string | undefined): Promise<void> {
  if (!flow) return;
  await flow.fitView({ padding: 0.12, maxZoom: 1, minZoom: LEAST_ZOOM });
  const { zoom, y } = flow.getViewport();
  const { x, width, height } = flow.getNodesBounds(flow.getNodes());
  const canvas = document.querySelector('.graph-canvas');
  if (!canvas || (width * zoom <= canvas.clientWidth && height * zoom <= canvas.clientHeight)) return;
  if (chosen === undefined) await flow.setViewport({ x: 24 - x * zoom, y, zoom });
  else await flow.fitView({ nodes: [{ id: chosen }], minZoom: 0.7, maxZoom: 0.7 });
}

interface FlowNodeParts extends Pick<Props, 'nodes'> {
  readonly rows: readonly AgentRun[] | undefined;
  readonly boxes: readonly Box[];
  readonly positions: ReadonlyMap<string, { readonly x: number; readonly y: number }>;
  readonly selected: string | null;
}

/** React Flow's nodes; one whose looks did not change stays the same object, so that only what changed is drawn again. */
function useFlowNodes({ boxes, positions, nodes, rows, selected }: FlowNodeParts): BoxFlowNode[] {
  const before = useRef(new Map<string, { key: string; node: BoxFlowNode }>());
  return useMemo(() => {
    const definitions = new Map(nodes.map((node) => [node.id, node]));
    const states = rows && rowsByNode(rows);
    const now = new Map<string, { key: string; node: BoxFlowNode }>();
    for (const box of boxes) {
      const summary = summarise(box, definitions, states);
      const position = positions.get(box.id) ?? { x: 0, y: 0 };
      const key = JSON.stringify([summary, position, isSelected(box, selected)]);
      const known = before.current.get(box.id);
      now.set(
        box.id,
        known?.key === key ? known : { key, node: asFlowNode(box, summary, position, isSelected(box, selected)) },
      );
    }
    before.current = now;
    return [...now.values()].map(({ node }) => node);
  }, [boxes, positions, nodes, rows, selected]);
}

function isSelected({ members }: Box, selected: string | null): boolean {
  return selected !== null && members.includes(selected);
}

function asFlowNode(box: Box, summary: BoxSummary, position: { x: number; y: number }, selected: boolean): BoxFlowNode {
  const state = summary.status ? `, ${STATUS_LABELS[summary.status]}` : '';
  return {
    id: box.id,
    type: 'box',
    position,
    width: BOX_WIDTH,
    height: BOX_HEIGHT,
    selected,
    data: { ...summary },
    ariaLabel: `${summary.title}, ${summary.subtitle}${state}${box.shape === 'node' ? '' : ', press Enter to show them apart'}`,
    className: summary.status ? `state-${summary.status}` : '',
  };
}

function asFlowEdge({ from, to, via }: RoutedEdge): RouteFlowEdge {
  return { id: `${from}>${to}`, type: 'route', source: from, target: to, data: { via }, selectable: false };
}

function minimapClass({ data: { status } }: BoxFlowNode): string {
  return `map-${status ?? 'NONE'}`;
}
