import { addressOf } from '../addresses.ts';
import { Link } from '../router.tsx';
import { formatDuration } from '../time/format.ts';
import type { RunSummary } from '../wire.ts';
import { STATUS_LABELS, StatusIcon } from './status.tsx';

/** The last runs side by side, the newest at the right, each a link. */
export function RunStrip({ runs }: { readonly runs: readonly RunSummary[] }) {
  return (
    <span className="strip">
      {[...runs].reverse().map((run) => (
        <Link
          key={run.id}
          to={addressOf.run(run.workflowName, run.id)}
          data-status={run.status}
          title={describe(run)}
          aria-label={describe(run)}
        >
          <StatusIcon status={run.status} />
        </Link>
      ))}
    </span>
  );
}

function describe({ id, status, durationMs }: RunSummary): string {
  return `Run ${id.slice(0, 8)}: ${STATUS_LABELS[status]}${durationMs === null ? '' : ` in ${formatDuration(durationMs)}`}`;
}
