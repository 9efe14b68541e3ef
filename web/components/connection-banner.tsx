import { useEffect } from 'react';
import { reach } from '../api-client.ts';
import { useLostConnection } from '../live/connection.ts';
import { useNow } from '../time/clock.ts';
import { formatClock, formatDuration } from '../time/format.ts';

const PROBE_MS = 1_000;

/** Says while the service cannot be reached since when that is, and goes away by itself. */
export function ConnectionBanner() {
  const lostAt = useLostConnection();
  return lostAt === null ? null : <Lost at={lostAt} />;
}

function Lost({ at }: { readonly at: number }) {
  const now = useNow();
  useEffect(() => {
    const timer = window.setInterval(probe, PROBE_MS);
    return () => window.clearInterval(timer);
  }, []);
  return (
    <div className="notice amber connection-banner" role="alert">
      <strong>No connection to the service</strong>
      <div className="row apart">
        <p>
          Since {formatClock(at, 'local').slice(0, 8)}
          <span aria-hidden="true"> ({formatDuration(Math.max(0, now - at))})</span>. What you see is from then. Runs go
          on without the console; it tries again each second.
        </p>
        <button type="button" className="button" onClick={probe}>
          Try now
        </button>
      </div>
    </div>
  );
}

/** `reach` itself tells everybody how it went. */
function probe(): void {
  reach('/health').catch(() => undefined);
}
