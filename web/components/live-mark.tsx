import type { StreamState } from '../live/event-stream.ts';
import { useNow } from '../time/clock.ts';
import { formatDuration } from '../time/format.ts';

/** Whether what is shown follows the service right now. */
export function LiveMark({ stream }: { readonly stream: StreamState }) {
  switch (stream.kind) {
    case 'live':
      return (
        <span className="live-mark" data-tone="green">
          Live
        </span>
      );
    case 'connecting':
      return <span className="live-mark">Connecting</span>;
    case 'ended':
      return <span className="live-mark">Complete</span>;
    case 'lost':
      return <Lost since={stream.since} why={stream.why} />;
  }
}

function Lost({ since, why }: { readonly since: number; readonly why: string }) {
  const now = useNow();
  return (
    <span className="live-mark" data-tone="amber" title={why}>
      Disconnected for {formatDuration(Math.max(0, now - since))}, trying again
    </span>
  );
}
