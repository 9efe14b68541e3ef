import { addressOf } from '../../addresses.ts';
import { api, bodyOf } from '../../api-client.ts';
import { Await } from '../../components/loading.tsx';
import { RunTable } from '../../components/run-table.tsx';
import { useResource } from '../../live/resource.ts';
import { Link } from '../../router.tsx';

const SHOWN = 12;

export function RecentRuns() {
  const runs = useResource(
    'runs/recent',
    (signal) => bodyOf(api.GET('/api/runs', { params: { query: { limit: SHOWN } }, signal })),
    { everyMs: 2_000 },
  );
  return (
    <section className="card" aria-labelledby="recent">
      <div className="card-head">
        <h2 id="recent">Latest runs</h2>
        <Link to={addressOf.runs()}>All runs</Link>
      </div>
      <Await of={runs} what="the latest runs">
        {(rows) =>
          rows.length === 0 ? (
            <p className="card-body muted">No run yet.</p>
          ) : (
            <RunTable runs={rows} label="Latest runs" />
          )
        }
      </Await>
    </section>
  );
}
