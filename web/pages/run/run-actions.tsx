import { useState } from 'react';
import { isTerminal } from '../../../contracts/statuses.ts';
import { addressOf } from '../../addresses.ts';
import { api, bodyOf } from '../../api-client.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { navigate } from '../../router.tsx';
import { useRefusal } from '../../session/session.ts';
import type { CancelReceipt, Run } from '../../wire.ts';
import { Receipt } from './receipt.tsx';

interface Props {
  readonly run: Run;
  readonly onChanged: () => void;
}

/** What can be done with the run now. */
export function RunActions({ run, onChanged }: Props) {
  const [error, setError] = useState<Error>();
  const [receipt, setReceipt] = useState<CancelReceipt>();
  const refused = useRefusal('operate');
  const path = { id: run.workflowId, runId: run.id };
  const act = { refused, onError: setError };
  const then = (work: Promise<unknown>): Promise<void> => work.then(onChanged);
  const cancel = async (): Promise<void> => {
    setReceipt(await bodyOf(api.POST('/api/workflows/{id}/runs/{runId}/cancel', { params: { path } })));
    onChanged();
  };
  return (
    <>
      {isTerminal(run.status) ? (
        <>
          {run.status !== 'SUCCESS' && (
            <ActionButton {...act} kind="primary" doing="Starting a run" run={() => retry(run, { from: 'failed' })}>
              Retry from failure
            </ActionButton>
          )}
          <ActionButton {...act} doing="Starting a run" run={() => retry(run, { from: 'start' })}>
            Run again
          </ActionButton>
        </>
      ) : (
        <>
          {run.status === 'PAUSED' ? (
            <ActionButton
              {...act}
              kind="primary"
              doing="Resuming"
              run={() => then(bodyOf(api.POST('/api/workflows/{id}/runs/{runId}/resume', { params: { path } })))}
            >
              Resume
            </ActionButton>
          ) : (
            <ActionButton
              {...act}
              doing="Pausing"
              run={() => then(bodyOf(api.POST('/api/workflows/{id}/runs/{runId}/pause', { params: { path } })))}
            >
              Pause
            </ActionButton>
          )}
          <ActionButton {...act} kind="danger" doing="Cancelling: stopping what runs" run={cancel}>
            Cancel
          </ActionButton>
        </>
      )}
      {error && (
        <Dialog title="This could not be done" onClose={() => setError(undefined)}>
          <ProblemNotice error={error} />
        </Dialog>
      )}
      {receipt && (
        <Dialog title="Receipt of the cancel" onClose={() => setReceipt(undefined)}>
          <Receipt receipt={receipt} />
        </Dialog>
      )}
    </>
  );
}

/** Starts a run that takes over what succeeded, and goes there. */
export async function retry(
  run: Pick<Run, 'workflowId' | 'workflowName' | 'id'>,
  body: { from: 'failed' | 'start' } | { nodes: string[] },
): Promise<void> {
  const path = { id: run.workflowId, runId: run.id };
  const accepted = await bodyOf(api.POST('/api/workflows/{id}/runs/{runId}/retry', { params: { path }, body }));
  navigate(addressOf.run(accepted.workflowName, accepted.workflowRunId));
}
