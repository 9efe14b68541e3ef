import { StatusIcon } from '../../components/status.tsx';
import { VirtualList } from '../../components/virtual-list.tsx';
import { addressWith, Link, useQuery } from '../../router.tsx';
import { useNow } from '../../time/clock.ts';
import { formatDuration } from '../../time/format.ts';
import type { AgentRun, Run } from '../../wire.ts';
import { percent, scaleOf, segmentsOf, ticksOf, type Scale, type Segment } from './timeline-scale.ts';

/** Who waited for what, and who took how long: queue wait, attempts and pauses of every node on one scale. */
export function Timeline({ run }: { readonly run: Run }) {
  const now = useNow();
  const scale = scaleOf(run, now);
  const selected = useQuery().get('node');
  const rows = [...run.agentRuns].sort((a, b) => begin(a) - begin(b));
  return (
    <div className="timeline">
      <p className="card-body row timeline-legend">
        <span data-kind="queue">waits for a worker</span>
        <span data-kind="attempt">attempt</span>
        <span data-kind="pause">pause before a retry</span>
      </p>
      <VirtualList
        rows={rows}
        rowHeight={36}
        height="62vh"
        label="Timeline"
        rowKey={({ id }) => id}
        header={<Ticks scale={scale} />}
      >
        {(row) => <TimelineRow row={row} scale={scale} now={now} selected={row.nodeId === selected} />}
      </VirtualList>
    </div>
  );
}

function begin({ readyAt, startedAt }: AgentRun): number {
  return Date.parse(readyAt ?? startedAt ?? '9999-01-01T00:00:00Z');
}

function Ticks({ scale }: { readonly scale: Scale }) {
  return (
    <div className="timeline-ticks" aria-hidden="true">
      <span />
      <div>
        {ticksOf(scale).map((ms) => (
          <span key={ms} style={{ left: `${percent(scale, scale.start + ms)}%` }}>
            {ms === 0 ? '0' : formatDuration(ms)}
          </span>
        ))}
      </div>
    </div>
  );
}

interface RowProps {
  readonly row: AgentRun;
  readonly scale: Scale;
  readonly now: number;
  readonly selected: boolean;
}

function TimelineRow({ row, scale, now, selected }: RowProps) {
  const { nodeId, itemIndex, status } = row;
  const segments = segmentsOf(row, now);
  return (
    <Link
      to={addressWith({ node: nodeId, item: itemIndex === null ? null : String(itemIndex) })}
      className="timeline-row"
      data-row=""
      data-status={status}
      data-selected={selected ? '' : undefined}
      title={segments.map(describe).join('; ')}
    >
      <span className="timeline-name">
        <StatusIcon status={status} />
        <span>
          {nodeId}
          {itemIndex !== null && ` [${itemIndex}]`}
        </span>
      </span>
      <span className="timeline-track">
        {segments.map((segment) => (
          <span
            key={`${segment.kind} ${segment.from}`}
            className="timeline-segment"
            data-kind={segment.kind}
            data-status={segment.status}
            style={{
              left: `${percent(scale, segment.from)}%`,
              width: `${percent(scale, segment.to) - percent(scale, segment.from)}%`,
            }}
          />
        ))}
        <TrackText segments={segments} scale={scale} />
      </span>
      <span className="visually-hidden">{segments.map(describe).join('; ')}</span>
    </Link>
  );
}

/** The duration beside the last segment, on the side where there is room. */
function TrackText({ segments, scale }: { readonly segments: readonly Segment[]; readonly scale: Scale }) {
  const last = segments.at(-1);
  const first = segments[0];
  if (!last || !first) return null;
  const worked = segments.filter(({ kind }) => kind === 'attempt').reduce((sum, { from, to }) => sum + to - from, 0);
  const end = percent(scale, last.to);
  const style =
    end < 80 ? { left: `calc(${end}% + 6px)` } : { right: `calc(${100 - percent(scale, first.from)}% + 6px)` };
  if (end >= 80 && percent(scale, first.from) < 15) return null;
  return (
    <span className="timeline-text" style={style} aria-hidden="true">
      {formatDuration(worked)}
    </span>
  );
}

function describe({ kind, from, to, attempt }: Segment): string {
  const words = { queue: 'waited for a worker', attempt: `attempt ${attempt}`, pause: 'pause before the retry' };
  return `${words[kind]} ${formatDuration(to - from)}`;
}
