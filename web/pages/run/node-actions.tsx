import { useState } from 'react';
import { isTerminal } from '../../../contracts/statuses.ts';
import { api, bodyOf } from '../../api-client.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { useRefusal } from '../../session/session.ts';
import type { AgentRun, Run } from '../../wire.ts';
import { MarkActions } from './mark-actions.tsx';
import { retry } from './run-actions.tsx';

interface Props {
  readonly run: Run;
  readonly row: AgentRun;
  readonly onChanged: () => void;
}

export function NodeActions({ run, row, onChanged }: Props) {
  const [error, setError] = useState<Error>();
  const mayNot = useRefusal('operate');
  const refused =
    mayNot ?? (isTerminal(run.status) ? undefined : 'When the run has ended, it can be run again from here.');
  return (
    <>
      <div className="row tight">
        <ActionButton
          doing="Starting a run"
          refused={refused}
          run={() => retry(run, { nodes: [row.nodeId] })}
          onError={setError}
        >
          Retry from here
        </ActionButton>
        {!isTerminal(run.status) && !isTerminal(row.status) && (
          <MarkActions run={run} row={row} refused={mayNot} onMarked={onChanged} onError={setError} />
        )}
        <CopyButton text={location.href} label="Copy link" />
        {refused !== undefined && <span className="small muted">{refused}</span>}
      </div>
      {row.waitingFor === 'signal' && <SignalForm run={run} refused={mayNot} onSent={onChanged} onError={setError} />}
      {error && <ProblemNotice error={error} />}
    </>
  );
}

interface SignalProps {
  readonly run: Run;
  readonly refused: string | undefined;
  readonly onSent: () => void;
  readonly onError: (error: Error) => void;
}

/** For a node that waits for a signal: sends it, with any JSON. */
function SignalForm({ run, refused, onSent, onError }: SignalProps) {
  const [name, setName] = useState('');
  const [body, setBody] = useState('{}');
  const send = async (): Promise<void> => {
    const path = { id: run.workflowId, runId: run.id, name };
    await bodyOf(
      api.POST('/api/workflows/{id}/runs/{runId}/signals/{name}', {
        params: { path },
        body: JSON.parse(body) as unknown,
      }),
    );
    onSent();
  };
  return (
    <div className="stack tight">
      <label className="field">
        <span className="label">Name of the signal</span>
        <input className="input" value={name} onChange={({ target }) => setName(target.value)} />
      </label>
      <label className="field">
        <span className="label">Body, JSON: becomes the node’s output</span>
        <textarea className="input" rows={3} value={body} onChange={({ target }) => setBody(target.value)} />
      </label>
      <div>
        <ActionButton
          doing="Sending"
          refused={refused ?? (name === '' ? 'Give the name of the signal' : undefined)}
          run={send}
          onError={onError}
        >
          Send signal
        </ActionButton>
      </div>
    </div>
  );
}
