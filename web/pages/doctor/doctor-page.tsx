import { api, bodyOf } from '../../api-client.ts';
import { Empty } from '../../components/empty.tsx';
import { Await } from '../../components/loading.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { useResource } from '../../live/resource.ts';
import { Parts } from '../../components/parts.tsx';
import type { OpenNode } from '../../wire.ts';
import { OpenNodeTable } from './open-node-table.tsx';
import { RepairButton } from './repair-button.tsx';
import './doctor.css';

const LOADED = 200;

/** Whether Postgres, the queues and the workers agree about what is open, and the repair where they do not. */
export default function DoctorPage() {
  const nodes = useResource(
    'doctor',
    (signal) => bodyOf(api.GET('/api/doctor', { params: { query: { limit: LOADED } }, signal })),
    { everyMs: 3_000 },
  );
  const ill = nodes.data?.filter(({ disagreement }) => disagreement !== null).length ?? 0;
  return (
    <>
      <PageHead title="Doctor" actions={<RepairButton ill={ill} onRepaired={() => void nodes.reload()} />}>
        <p>
          Every open node as Postgres, the queues and the workers see it. The reconciler repairs what disagrees by
          itself, every second; this page shows what it sees.
        </p>
      </PageHead>
      <div className="doctor-columns">
        <section className="card" aria-label="Open nodes">
          <Await of={nodes} what="the open nodes">
            {(open) => <OpenNodes open={open} />}
          </Await>
        </section>
        <Parts />
      </div>
    </>
  );
}

function OpenNodes({ open }: { readonly open: readonly OpenNode[] }) {
  if (open.length === 0)
    return (
      <Empty title="Nothing is open">
        <p>
          Every node of every run has ended. While runs go on, their open nodes stand here, those without progress
          first.
        </p>
      </Empty>
    );
  const ill = open.filter(({ disagreement }) => disagreement !== null);
  return (
    <>
      <p className="card-body" role="status">
        {ill.length === 0
          ? `All ${open.length.toLocaleString('en')} open nodes are in order.`
          : `${ill.length} of ${open.length} open nodes are not in order.`}
      </p>
      <OpenNodeTable nodes={[...ill, ...open.filter(({ disagreement }) => disagreement === null)]} />
    </>
  );
}
