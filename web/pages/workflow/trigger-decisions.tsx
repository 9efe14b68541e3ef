import { useState } from 'react';
import { addressOf } from '../../addresses.ts';
import { api, bodyOf } from '../../api-client.ts';
import { Await } from '../../components/loading.tsx';
import { Time } from '../../components/time.tsx';
import { useResource } from '../../live/resource.ts';
import { Link } from '../../router.tsx';
import type { TriggerDecision, TriggerState } from '../../wire.ts';

const SHOWN = 50;

/** The last thing that a trigger decided, and on demand those before it. */
export function TriggerDecisions({ trigger }: { readonly trigger: TriggerState }) {
  const { id, lastDecision, workflowName } = trigger;
  const [open, setOpen] = useState(false);
  if (lastDecision === null) return <p className="small muted">Nothing has come for it yet.</p>;
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        Last decision: <Outcome outcome={lastDecision.outcome} /> <Time at={lastDecision.at} />
      </summary>
      {open && <DecisionList id={id} workflow={workflowName} />}
    </details>
  );
}

function DecisionList({ id, workflow }: { readonly id: string; readonly workflow: string }) {
  const decisions = useResource(
    `decisions/${id}`,
    (signal) =>
      bodyOf(api.GET('/api/triggers/{id}/decisions', { params: { path: { id }, query: { limit: SHOWN } }, signal })),
    { everyMs: 5_000 },
  );
  return (
    <Await of={decisions} what="the decisions">
      {(list) => (
        <ul className="indented stack tight" aria-label="Decisions">
          {list.map((decision) => (
            <DecisionLine key={decision.id} decision={decision} workflow={workflow} />
          ))}
        </ul>
      )}
    </Await>
  );
}

function DecisionLine({ decision, workflow }: { readonly decision: TriggerDecision; readonly workflow: string }) {
  const { at, outcome, message, workflowRunId, until } = decision;
  return (
    <li className="row tight">
      <Time at={at} />
      <Outcome outcome={outcome} />
      {workflowRunId !== null && (
        <Link to={addressOf.run(workflow, workflowRunId)} className="mono" data-row="">
          {workflowRunId.slice(0, 8)}
        </Link>
      )}
      {message !== null && <span className="wrap-anywhere">{message}</span>}
      {until !== null && (
        <span className="muted">
          until <Time at={until} />
        </span>
      )}
    </li>
  );
}

function Outcome({ outcome }: { readonly outcome: string }) {
  return (
    <span className="decision" data-status={outcome === 'started' ? 'SUCCESS' : 'SKIPPED'}>
      {outcome.replaceAll('_', ' ')}
    </span>
  );
}
