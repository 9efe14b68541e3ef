import { api, bodyOf } from '../../api-client.ts';
import { CodeBlock } from '../../components/code-block.tsx';
import { Empty } from '../../components/empty.tsx';
import { Await } from '../../components/loading.tsx';
import { Time } from '../../components/time.tsx';
import { StatusIcon } from '../../components/status.tsx';
import { useResource } from '../../live/resource.ts';
import type { Worker } from '../../wire.ts';

export function WorkerTable() {
  const workers = useResource('workers', (signal) => bodyOf(api.GET('/api/workers', { signal })), { everyMs: 2_000 });
  return (
    <section className="card" aria-labelledby="workers">
      <div className="card-head">
        <h2 id="workers">Workers of the last hour</h2>
      </div>
      <Await of={workers} what="the workers">
        {(all) =>
          all.length === 0 ? (
            <Empty title="No worker">
              <p>
                Without one, runs are stored and wait. This starts one, on any machine that reaches Postgres and Redis:
              </p>
              <CodeBlock label="Command that starts a worker" text="npm run start:worker" />
            </Empty>
          ) : (
            <Table workers={all} />
          )
        }
      </Await>
    </section>
  );
}

function Table({ workers }: { readonly workers: readonly Worker[] }) {
  return (
    <table className="table" aria-labelledby="workers">
      <thead>
        <tr>
          <th scope="col">Worker</th>
          <th scope="col">State</th>
          <th scope="col">Pools</th>
          <th scope="col" className="number">
            Busy
          </th>
          <th scope="col">Started</th>
          <th scope="col">Heard of</th>
        </tr>
      </thead>
      <tbody>
        {workers.map(({ id, host, pid, alive, pools, running, concurrency, startedAt, heartbeatAt }) => (
          <tr key={id} data-status={alive ? 'SUCCESS' : 'CANCELLED'}>
            <td>
              <span className="mono">{id}</span>
              <p className="muted small">
                {host}, process {pid}
              </p>
            </td>
            <td data-label="State">
              <span className="row tight">
                <StatusIcon status={alive ? 'SUCCESS' : 'CANCELLED'} />
                {alive ? 'alive' : 'gone'}
              </span>
            </td>
            <td data-label="Pools">{pools.join(', ')}</td>
            <td data-label="Busy" className="number">
              {running} of {concurrency}
            </td>
            <td data-label="Started">
              <Time at={startedAt} />
            </td>
            <td data-label="Heard of">
              <Time at={heartbeatAt} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
