import { api, bodyOf } from '../../api-client.ts';
import { Await } from '../../components/loading.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { useResource } from '../../live/resource.ts';
import type { Queue } from '../../wire.ts';
import { WorkerTable } from './worker-table.tsx';

/** BullMQ's states, and what they mean here. */
const STATES = [
  ['waiting', 'Waiting', 'for a free worker'],
  ['active', 'Active', 'held by a worker'],
  ['waiting-children', 'Waiting for others', 'for the nodes before them'],
  ['delayed', 'Delayed', 'until a time'],
  ['prioritized', 'Prioritised', 'for a free worker, by priority'],
  ['failed', 'Failed', 'kept to look at'],
] as const;

export default function QueuesPage() {
  const queues = useResource('queues', (signal) => bodyOf(api.GET('/api/queues', { signal })), { everyMs: 2_000 });
  return (
    <>
      <PageHead
        title="Queues"
        actions={
          <a href="/admin/queues" className="button">
            Bull Board
          </a>
        }
      >
        <p>
          What waits for a worker, and who works. The queues are a hint: Postgres has the truth, so nothing is lost with
          them.
        </p>
      </PageHead>
      <div className="stack">
        <section className="card" aria-labelledby="queues">
          <div className="card-head">
            <h2 id="queues">Queues</h2>
          </div>
          <Await of={queues} what="the queues">
            {(all) => <QueueTable queues={all} />}
          </Await>
        </section>
        <WorkerTable />
      </div>
    </>
  );
}

function QueueTable({ queues }: { readonly queues: readonly Queue[] }) {
  return (
    <table className="table" aria-labelledby="queues">
      <thead>
        <tr>
          <th scope="col">Queue</th>
          {STATES.map(([state, title, meaning]) => (
            <th key={state} scope="col" className="number" title={meaning}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {queues.map(({ name, jobs }) => (
          <tr key={name}>
            <td>
              <a href={`/admin/queues/queue/${encodeURIComponent(name)}`} data-row="">
                {name}
              </a>
            </td>
            {STATES.map(([state, title]) => (
              <td key={state} className="number" data-label={title}>
                {(jobs[state] ?? 0).toLocaleString('en')}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
