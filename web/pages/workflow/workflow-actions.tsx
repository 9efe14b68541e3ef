import { useState } from 'react';
import { api, bodyOf } from '../../api-client.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { navigate } from '../../router.tsx';
import { useRefusal } from '../../session/session.ts';
import type { Workflow } from '../../wire.ts';

interface Props {
  readonly workflow: Workflow;
  readonly onTrigger: () => void;
  readonly onChanged: () => void;
}

export function WorkflowActions({ workflow, onTrigger, onChanged }: Props) {
  const [error, setError] = useState<Error>();
  const [deleting, setDeleting] = useState(false);
  const refused = useRefusal('operate');
  const mayNotDelete = useRefusal('administrate');
  const params = { params: { path: { id: workflow.id } } };
  const notActive =
    workflow.status === 'ACTIVE'
      ? undefined
      : `It is ${workflow.status.toLowerCase()}: set its status to ACTIVE in the definition.`;
  const notNow = workflow.pausedAt === null ? notActive : 'It is paused: resume it first.';
  const setPaused = async (): Promise<void> => {
    await (workflow.pausedAt === null
      ? bodyOf(api.POST('/api/workflows/{id}/pause', params))
      : bodyOf(api.POST('/api/workflows/{id}/resume', params)));
    onChanged();
  };
  const remove = async (): Promise<void> => {
    await bodyOf(api.DELETE('/api/workflows/{id}', params));
    navigate('/workflows');
  };
  return (
    <>
      <button
        type="button"
        className="button primary"
        onClick={onTrigger}
        disabled={(refused ?? notNow) !== undefined}
        title={refused ?? notNow}
      >
        Run…
      </button>
      <ActionButton doing="Working" refused={refused} run={setPaused} onError={setError}>
        {workflow.pausedAt === null ? 'Pause' : 'Resume'}
      </ActionButton>
      <button
        type="button"
        className="button danger"
        onClick={() => setDeleting(true)}
        disabled={mayNotDelete !== undefined}
        title={mayNotDelete}
      >
        Delete…
      </button>
      {deleting && (
        <Dialog title={`Delete ${workflow.name}?`} onClose={() => setDeleting(false)}>
          <div className="stack">
            <p>Its triggers end with it. Its runs stay, with their snapshot of the definition.</p>
            <div>
              <ActionButton kind="danger" doing="Deleting" run={remove} onError={setError}>
                Delete it
              </ActionButton>
            </div>
            {error && <ProblemNotice error={error} />}
          </div>
        </Dialog>
      )}
      {error && !deleting && (
        <Dialog title="This could not be done" onClose={() => setError(undefined)}>
          <ProblemNotice error={error} />
        </Dialog>
      )}
    </>
  );
}
