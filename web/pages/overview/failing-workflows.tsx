import { addressOf } from '../../addresses.ts';
import { Link } from '../../router.tsx';
import type { Overview } from '../../wire.ts';

export function FailingWorkflows({ failing }: Pick<Overview, 'failing'>) {
  return (
    <section className="card" aria-labelledby="failing">
      <div className="card-head">
        <h2 id="failing">Failing workflows</h2>
        <span className="muted small">last day</span>
      </div>
      {failing.length === 0 ? (
        <p className="card-body muted">No run has failed in the last day.</p>
      ) : (
        <ul>
          {failing.map(({ workflowId, workflowName, failed, lastRunId }) => (
            <li key={workflowId} className="list-row">
              <div className="row apart">
                <Link to={addressOf.workflow(workflowName)} className="wrap-anywhere">
                  {workflowName}
                </Link>
                <Link
                  to={addressOf.run(workflowName, lastRunId)}
                  data-row=""
                  aria-label={`The last failed run of ${workflowName}`}
                >
                  {failed} failed, see the last
                </Link>
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
