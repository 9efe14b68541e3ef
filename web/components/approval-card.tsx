import { useId, useState } from 'react';
import { addressOf } from '../addresses.ts';
import { api, ApiProblem, bodyOf } from '../api-client.ts';
import { Link } from '../router.tsx';
import { useRefusal } from '../session/session.ts';
import type { Approval } from '../wire.ts';
import { ActionButton } from './action-button.tsx';
import { ApprovalLink } from './approval-link.tsx';
import { JsonView } from './json-view.tsx';
import { ProblemNotice } from './problem-notice.tsx';
import { fieldsOf, readForm, type FormTexts } from './schema-form/fields.ts';
import { SchemaForm } from './schema-form/schema-form.tsx';
import { Time } from './time.tsx';

interface Props {
  readonly approval: Approval;
  readonly onDecided: (approval: Approval) => void;
  /** Where it is shown among others: names its run and node. */
  readonly withPlace?: boolean;
}

/** What waits for a person: what would be done with which input, and the two buttons. */
export function ApprovalCard({ approval, onDecided, withPlace = true }: Props) {
  const { workflowName, workflowRunId, nodeId, message, requestedAt, expiresAt, onTimeout, roles, input } = approval;
  return (
    <article className="notice violet" aria-label={`${workflowName}, ${nodeId}`}>
      <div className="row apart">
        {withPlace ? (
          <Link to={addressOf.node(workflowName, workflowRunId, nodeId)} data-row="" className="notice-title">
            {workflowName} · {nodeId} <span className="mono">{workflowRunId.slice(0, 8)}</span>
          </Link>
        ) : (
          <strong className="notice-title">Node {nodeId} waits for an approval</strong>
        )}
        <span className="small">
          asked <Time at={requestedAt} />
        </span>
      </div>
      {message !== null && <p>{message}</p>}
      {expiresAt !== null && (
        <p className="small">
          Without a decision it is {onTimeout === 'approve' ? 'approved' : 'rejected'} <Time at={expiresAt} />.
        </p>
      )}
      {roles.length > 0 && <p className="small">Decided by: {roles.join(', ')}.</p>}
      <details>
        <summary>What the node would run with</summary>
        <JsonView value={input} label="Input of the node" />
      </details>
      <DecisionForm approval={approval} onDecided={onDecided} />
      <ApprovalLink approvalId={approval.id} />
    </article>
  );
}

function DecisionForm({ approval, onDecided }: Pick<Props, 'approval' | 'onDecided'>) {
  const [notes, setNotes] = useState('');
  const [texts, setTexts] = useState<FormTexts>({});
  const [error, setError] = useState<Error>();
  const id = useId();
  const refused = useRefusal('decide');
  const fields = fieldsOf((approval.answerSchema ?? undefined) as Record<string, unknown> | undefined);
  const decide = async (decision: 'APPROVED' | 'REJECTED'): Promise<void> => {
    setError(undefined);
    const answer = decision === 'APPROVED' && fields.length > 0 ? readForm(fields, texts) : undefined;
    if (answer && 'problems' in answer) throw incomplete(answer.problems);
    const body = { decision, ...(notes !== '' && { notes }), ...(answer && { answer: answer.value }) };
    onDecided(await bodyOf(api.POST('/api/approvals/{id}/decision', { params: { path: { id: approval.id } }, body })));
  };
  return (
    <div className="stack tight decision-form">
      <SchemaForm
        fields={fields}
        texts={texts}
        onChange={setTexts}
        problems={error instanceof ApiProblem ? error.problems : []}
      />
      <div className="field">
        <label htmlFor={id}>Notes</label>
        <input
          id={id}
          className="input"
          value={notes}
          onChange={({ target }) => setNotes(target.value)}
          autoComplete="off"
        />
      </div>
      <div className="row">
        <ActionButton
          kind="primary"
          doing="Approving"
          refused={refused}
          run={() => decide('APPROVED')}
          onError={setError}
        >
          Approve
        </ActionButton>
        <ActionButton
          kind="danger"
          doing="Rejecting"
          refused={refused}
          run={() => decide('REJECTED')}
          onError={setError}
        >
          Reject
        </ActionButton>
        {refused !== undefined && <span className="small">{refused}</span>}
      </div>
      {error && <ProblemNotice error={error} />}
    </div>
  );
}

function incomplete(errors: readonly { path: string; message: string }[]): ApiProblem {
  return new ApiProblem({
    status: 400,
    title: 'The answer is not complete',
    detail: 'The approval asks for an answer.',
    errors: [...errors],
  });
}
