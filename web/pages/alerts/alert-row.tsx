import { addressOf } from '../../addresses.ts';
import { Link } from '../../router.tsx';
import type { AlertResult } from '../../wire.ts';

const WORDS: Readonly<Record<AlertResult['decisions'][number]['outcome'], string>> = {
  started: 'started a run',
  duplicate: 'has a run already',
  cooldown: 'held by the cooldown',
  maintenance: 'held by a maintenance window',
  grouped: 'waits for others of its group',
  status: 'does not ask for this status',
  disabled: 'trigger is disabled',
  declined: 'declined',
  rejected: 'could not be started',
};

/** One alert and what each workflow made of it. */
export function AlertRow({ alert: { labels = {}, status, decisions, errors = [] } }: { readonly alert: AlertResult }) {
  const { alertname = 'alert without a name', ...others } = labels;
  return (
    <div className="stack tight indented">
      <p className="row tight">
        <strong>{alertname}</strong>
        {status !== undefined && <span className="tag">{status}</span>}
        {Object.entries(others).map(([name, value]) => (
          <span key={name} className="tag">
            {name}={value}
          </span>
        ))}
      </p>
      <ul>
        {decisions.map((decision) => (
          <li key={decision.workflowId} className="row tight">
            <Link to={addressOf.workflow(decision.workflowName)}>{decision.workflowName}</Link>
            <span>{WORDS[decision.outcome]}</span>
            {decision.workflowRunId !== undefined && (
              <Link to={addressOf.run(decision.workflowName, decision.workflowRunId)} data-row="" className="mono">
                {decision.workflowRunId.slice(0, 8)}
              </Link>
            )}
            {decision.message !== undefined && <span className="muted">{decision.message}</span>}
          </li>
        ))}
        {errors.map(({ path, message }) => (
          <li key={`${path} ${message}`} className="field-problem">
            <code>{path}</code> {message}
          </li>
        ))}
      </ul>
    </div>
  );
}
