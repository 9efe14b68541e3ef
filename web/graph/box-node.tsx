import { Handle, Position, useStore, type Node, type NodeProps } from '@xyflow/react';
import { memo } from 'react';
import { STATUS_LABELS, StatusIcon } from '../components/status.tsx';
import type { BoxSummary } from './summary.ts';

export type BoxData = BoxSummary & Readonly<Record<string, unknown>>;
export type BoxFlowNode = Node<BoxData, 'box'>;

/** Below this zoom text could not be read, so none is drawn: colour and icon are what is left. */
const READABLE_ZOOM = 0.42;

export const BoxNode = memo(function BoxNode({ data, selected }: NodeProps<BoxFlowNode>) {
  const readable = useStore((store) => store.transform[2] >= READABLE_ZOOM);
  const { status } = data;
  return (
    <div
      className="box"
      data-status={status ?? undefined}
      data-selected={selected ? '' : undefined}
      data-far={readable ? undefined : ''}
    >
      <Handle type="target" position={Position.Left} isConnectable={false} />
      {readable ? <BoxText {...data} /> : status && <StatusIcon status={status} />}
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </div>
  );
});

function BoxText({ title, subtitle, status, counts, marks, attempt }: BoxData) {
  return (
    <>
      <span className="box-title">
        {status && <StatusIcon status={status} />}
        <span className="box-name" title={title}>
          {title}
        </span>
        {attempt > 1 && <span className="box-mark">attempt {attempt}</span>}
      </span>
      {counts.length > 0 ? (
        <Counts counts={counts} />
      ) : (
        <span className="box-subtitle">{[subtitle, ...marks].join(' · ')}</span>
      )}
    </>
  );
}

/** Many at once: a bar in parts, and in words how far they are. */
function Counts({ counts }: Pick<BoxData, 'counts'>) {
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  const words = counts.map(([status, count]) => `${count} ${STATUS_LABELS[status].toLowerCase()}`).join(', ');
  return (
    <span className="box-counts" title={words}>
      <span className="box-bar">
        {counts.map(([status, count]) => (
          <span key={status} data-status={status} style={{ flexGrow: count / total }} />
        ))}
      </span>
      <span className="box-subtitle">{words}</span>
    </span>
  );
}
