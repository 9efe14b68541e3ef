import { addressOf } from '../../addresses.ts';
import { api, bodyOf } from '../../api-client.ts';
import { ApprovalCard } from '../../components/approval-card.tsx';
import { CodeBlock } from '../../components/code-block.tsx';
import { Empty } from '../../components/empty.tsx';
import { Await } from '../../components/loading.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { StatusBadge } from '../../components/status.tsx';
import { Time } from '../../components/time.tsx';
import { useResource } from '../../live/resource.ts';
import { Link } from '../../router.tsx';
import { useOverview } from '../../session/overview.ts';
import type { Approval } from '../../wire.ts';

const LOADED = 100;

/** What waits for a person, and what was decided lately. */
export default function ApprovalsPage() {
  const approvals = useResource(
    'approvals',
    (signal) => bodyOf(api.GET('/api/approvals', { params: { query: { limit: LOADED } }, signal })),
    { everyMs: 2_000 },
  );
  const overview = useOverview();
  const reload = (): void => {
    void approvals.reload();
    void overview.reload();
  };
  return (
    <>
      <PageHead title="Approvals">
        <p>
          Nodes that ask before they act. Until somebody decides they hold no worker, and the rest of their run goes on.
        </p>
      </PageHead>
      <Await of={approvals} what="the approvals">
        {(all) => {
          const pending = all.filter(({ status }) => status === 'PENDING');
          const decided = all.filter(({ status }) => status !== 'PENDING');
          return (
            <div className="stack">
              {pending.length === 0 ? (
                <NothingWaits />
              ) : (
                pending.map((approval) => <ApprovalCard key={approval.id} approval={approval} onDecided={reload} />)
              )}
              {decided.length > 0 && <Decided approvals={decided} />}
            </div>
          );
        }}
      </Await>
    </>
  );
}

function NothingWaits() {
  return (
    <section className="card" aria-label="Waiting">
      <Empty title="Nothing waits for a decision">
        <p>
          A node with an approval stops here before it runs, with the input that it would get. So does every node of an
          agent whose risk level is APPROVAL_REQUIRED.
        </p>
        <CodeBlock
          label="Example of a node with an approval"
          text={
            '{ "id": "patch", "agent": "patcher", "approval": { "message": "Apply the patch?", "timeoutSeconds": 86400 } }'
          }
        />
      </Empty>
    </section>
  );
}

function Decided({ approvals }: { readonly approvals: readonly Approval[] }) {
  return (
    <section className="card" aria-labelledby="decided">
      <div className="card-head">
        <h2 id="decided">Decided</h2>
      </div>
      <table className="table" aria-labelledby="decided">
        <thead>
          <tr>
            <th scope="col">Decision</th>
            <th scope="col">Node</th>
            <th scope="col">By</th>
            <th scope="col">When</th>
            <th scope="col">Notes</th>
          </tr>
        </thead>
        <tbody>
          {approvals.map(({ id, status, workflowName, workflowRunId, nodeId, respondedBy, decidedAt, notes }) => (
            <tr key={id}>
              <td data-label="Decision">{status === 'PENDING' ? null : <StatusBadge status={status} />}</td>
              <td>
                <Link to={addressOf.node(workflowName, workflowRunId, nodeId)} data-row="">
                  {workflowName} · {nodeId}
                </Link>
              </td>
              <td data-label="By">{respondedBy ?? 'nobody'}</td>
              <td data-label="When">{decidedAt !== null && <Time at={decidedAt} />}</td>
              <td data-label="Notes">{notes}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
