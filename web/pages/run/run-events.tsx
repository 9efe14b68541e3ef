import { LiveMark } from '../../components/live-mark.tsx';
import { Time } from '../../components/time.tsx';
import { VirtualList } from '../../components/virtual-list.tsx';
import type { StreamState } from '../../live/event-stream.ts';
import type { RunEvent } from '../../live/use-live-run.ts';
import { addressWith, Link } from '../../router.tsx';

interface Props {
  readonly events: readonly RunEvent[];
  readonly stream: StreamState;
}

/** Every change of state, in its order, as others get it over NATS. */
export function RunEvents({ events, stream }: Props) {
  return (
    <div>
      <p className="card-body row apart">
        <span className="muted">{events.length.toLocaleString('en')} events, without a gap</span>
        <LiveMark stream={stream} />
      </p>
      <VirtualList
        rows={events}
        rowHeight={32}
        height="62vh"
        label="Events"
        rowKey={({ sequence }) => String(sequence)}
      >
        {(event) => <EventLine event={event} />}
      </VirtualList>
    </div>
  );
}

function EventLine({ event: { sequence, type, time, data } }: { readonly event: RunEvent }) {
  const nodeId = typeof data.nodeId === 'string' ? data.nodeId : undefined;
  return (
    <div className="event-line">
      <span className="muted numeric">{sequence}</span>
      <span className="mono">{type}</span>
      <span className="event-node">
        {nodeId !== undefined && <Link to={addressWith({ node: nodeId, item: null })}>{nodeId}</Link>}
      </span>
      <Time at={time} />
    </div>
  );
}
