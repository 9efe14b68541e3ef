import { BaseEdge, type Edge, type EdgeProps } from '@xyflow/react';
import type { Point } from './layout.ts';

export type RouteFlowEdge = Edge<{ readonly via: readonly Point[]; readonly [key: string]: unknown }, 'route'>;

/** An edge that goes level through the points between its ends, and in a soft S from each to the next. */
export function RouteEdge({ sourceX, sourceY, targetX, targetY, data, markerEnd }: EdgeProps<RouteFlowEdge>) {
  const points = [{ x: sourceX, y: sourceY }, ...(data?.via ?? []), { x: targetX, y: targetY }];
  return <BaseEdge path={pathThrough(points)} {...(markerEnd !== undefined && { markerEnd })} />;
}

function pathThrough([start, ...rest]: readonly Point[]): string {
  if (!start) return '';
  let path = `M${start.x},${start.y}`;
  let from = start;
  for (const to of rest) {
    const middle = (from.x + to.x) / 2;
    path += from.y === to.y ? `H${to.x}` : `C${middle},${from.y} ${middle},${to.y} ${to.x},${to.y}`;
    from = to;
  }
  return path;
}
